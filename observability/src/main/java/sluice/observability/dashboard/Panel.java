package sluice.observability.dashboard;

import java.util.ArrayList;
import java.util.List;
import sluice.observability.dashboard.Threshold.Level;

/**
 * One question and its answer.
 *
 * @param description what is good, and what to do when it is not
 * @param thresholds ascending; below the first it is good
 */
public record Panel(
        Kind kind, String title, Unit unit, String description, List<Query> queries, List<Threshold> thresholds) {

    /** How the answer is shown. */
    public enum Kind {
        /** Lines over time. */
        GRAPH,
        /** The newest value. */
        NUMBER,
        /** What the newest series is called. */
        NAME
    }

    public Panel {
        queries = List.copyOf(queries);
        thresholds = List.copyOf(thresholds);
    }

    static Panel graph(String title, Unit unit, String description) {
        return new Panel(Kind.GRAPH, title, unit, description, List.of(), List.of());
    }

    static Panel number(String title, Unit unit, String description) {
        return new Panel(Kind.NUMBER, title, unit, description, List.of(), List.of());
    }

    static Panel name(String title, String description) {
        return new Panel(Kind.NAME, title, Unit.COUNT, description, List.of(), List.of());
    }

    /** Asks this as well. */
    Panel query(String promql, String legend) {
        return with(new Query(promql, legend, false));
    }

    /** Draws this as what the others must stay below. */
    Panel limit(String promql, String legend) {
        return with(new Query(promql, legend, true));
    }

    /** Half, 95 and 99 of 100 of what this histogram counts are below. */
    Panel quantiles(String histogram, String... matchers) {
        return query(Promql.quantile("0.5", histogram, matchers), "P50")
                .query(Promql.quantile("0.95", histogram, matchers), "P95")
                .query(Promql.quantile("0.99", histogram, matchers), "P99");
    }

    Panel warningFrom(double value) {
        return from(value, Level.WARNING);
    }

    Panel badFrom(double value) {
        return from(value, Level.BAD);
    }

    /** It is bad below this, and good from it on. */
    Panel badBelow(double value) {
        return from(Double.NEGATIVE_INFINITY, Level.BAD).from(value, Level.GOOD);
    }

    private Panel from(double value, Level level) {
        var more = new ArrayList<>(thresholds);
        more.add(new Threshold(value, level));
        return new Panel(kind, title, unit, description, queries, more);
    }

    private Panel with(Query query) {
        var more = new ArrayList<>(queries);
        more.add(query);
        return new Panel(kind, title, unit, description, more, thresholds);
    }
}
