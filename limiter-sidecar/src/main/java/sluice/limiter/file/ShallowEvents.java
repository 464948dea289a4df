package sluice.limiter.file;

import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.parser.Parser;
import sluice.limiter.config.InvalidConfigException;
import sluice.limiter.config.Mark;

/** What a text of YAML consists of, up to where it is nested too deep: whoever makes a tree of it does so by recursion. */
final class ShallowEvents implements Parser {

    private final Parser events;
    private final int deepest;
    private int depth;

    /** Refuses more than {@code deepest} lists and objects in each other. */
    ShallowEvents(Parser events, int deepest) {
        this.events = events;
        this.deepest = deepest;
    }

    @Override
    public boolean hasNext() {
        return events.hasNext();
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return events.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return events.peekEvent();
    }

    /**
     * The next one.
     *
     * @throws InvalidConfigException where it is nested too deep
     */
    @Override
    public Event next() {
        var event = events.next();
        if (event instanceof CollectionStartEvent && ++depth > deepest) {
            var mark = event.getStartMark().map(at -> new Mark(at.getLine() + 1, at.getColumn() + 1));
            throw YamlText.refused(
                    mark,
                    "is nested too deep; no field needs more than " + deepest + " lists and objects in each other");
        }
        if (event instanceof CollectionEndEvent) {
            depth--;
        }
        return event;
    }
}
