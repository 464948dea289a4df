package sluice.limiter.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import sluice.limiter.config.Fault;
import sluice.limiter.config.Faults;
import sluice.limiter.config.InvalidConfigException;
import sluice.limiter.config.Mark;

/** Takes a text of YAML 1.2 apart, and so JSON too; keeps where in it each field stands. */
final class YamlText {

    /** More than any sensible file has: an alias of aliases of aliases grows without end. */
    private static final int MOST_VALUES = 100_000;

    /** How deep values may be in each other; the library's recursion and ours would end with the stack. */
    private static final int DEEPEST = 64;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Map<String, Mark> marks = new HashMap<>();
    private final Faults faults;
    private int values;

    private YamlText(Faults faults) {
        this.faults = faults;
    }

    /** What a text says, and where. */
    record Parsed(JsonNode root, Map<String, Mark> marks) {

        /** Where the field stands, or what is nearest around it. */
        Optional<Mark> mark(String path) {
            for (var at = path; !at.isEmpty(); at = at.substring(0, Math.max(0, lastStep(at)))) {
                var mark = marks.get(at);
                if (mark != null) {
                    return Optional.of(mark);
                }
            }
            return Optional.empty();
        }

        private static int lastStep(String path) {
            return Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        }
    }

    /**
     * Reads {@code text}; duplicates are added to {@code faults}.
     *
     * @throws InvalidConfigException when it is not YAML, or without end
     */
    static Parsed parse(String text, Faults faults) {
        var settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(true)
                .setCodePointLimit(text.length() + 1)
                .build();
        try {
            var yaml = new YamlText(faults);
            var events = new ShallowEvents(new ParserImpl(settings, new StreamReader(settings, text)), DEEPEST);
            var root = new Composer(settings, events)
                    .getSingleNode()
                    .map(node -> yaml.json(node, "", 0))
                    .orElseGet(NODES::objectNode);
            return new Parsed(root, yaml.marks);
        } catch (MarkedYamlEngineException e) {
            var mark = e.getProblemMark().map(at -> new Mark(at.getLine() + 1, at.getColumn() + 1));
            throw refused(mark, "is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw refused(Optional.empty(), "is not YAML: " + e.getMessage());
        }
    }

    static InvalidConfigException refused(Optional<Mark> mark, String why) {
        return new InvalidConfigException(List.of(new Fault(mark, Faults.DOCUMENT, why)));
    }

    private JsonNode json(Node node, String path, int depth) {
        if (++values > MOST_VALUES || depth > DEEPEST) {
            throw refused(
                    Optional.empty(),
                    "has too many values, or too deep ones; aliases may be the reason, write them out");
        }
        return switch (node) {
            case MappingNode mapping -> object(mapping, path, depth);
            case SequenceNode sequence -> array(sequence, path, depth);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new IllegalStateException("unknown node " + node);
        };
    }

    private JsonNode object(MappingNode mapping, String path, int depth) {
        var object = NODES.objectNode();
        for (var entry : mapping.getValue()) {
            var name = entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
            var at = path.isEmpty() ? name : path + "." + name;
            mark(at, entry.getKeyNode());
            if (object.has(name)) {
                faults.add(new Fault(at, "is there twice; keep one"));
            }
            object.set(name, json(entry.getValueNode(), at, depth + 1));
        }
        return object;
    }

    private JsonNode array(SequenceNode sequence, String path, int depth) {
        var array = NODES.arrayNode();
        for (var entry : sequence.getValue()) {
            var at = path + "[" + array.size() + "]";
            mark(at, entry);
            array.add(json(entry, at, depth + 1));
        }
        return array;
    }

    private void mark(String path, Node node) {
        node.getStartMark().ifPresent(at -> marks.put(path, new Mark(at.getLine() + 1, at.getColumn() + 1)));
    }

    private static JsonNode scalar(ScalarNode scalar) {
        var text = scalar.getValue();
        var tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return NODES.booleanNode(Boolean.parseBoolean(text));
        }
        return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? number(text) : NODES.textNode(text);
    }

    /** Decimal numbers only: whoever writes a limit as 0x64 gets it back as a text, and is told to write 100. */
    private static JsonNode number(String text) {
        try {
            return text.matches("[-+]?\\d{1,40}")
                    ? NODES.numberNode(new BigInteger(text))
                    : NODES.numberNode(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return NODES.textNode(text);
        }
    }
}
