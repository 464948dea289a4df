package sluice.operator.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A resource that must be refused.
 *
 * @param what what is wrong with it
 * @param at where a resource that would be accepted is changed, a JSON pointer
 * @param put what is put there; absent removes what is there
 * @param says parts of the answer: the field, and what would be right
 */
public record BadResource(
        String what, JsonPointer at, @Nullable JsonNode put, List<String> says) {

    /** The table of them. */
    public static Stream<BadResource> all() throws IOException {
        try (var table = requireNonNull(BadResource.class.getResourceAsStream("bad-resources.yaml"))) {
            return Stream.concat(Examples.YAML.readTree(table).valueStream().map(BadResource::row), tooLarge());
        }
    }

    private static BadResource row(JsonNode row) {
        var says = row.get("says").valueStream().map(JsonNode::asText).toList();
        return new BadResource(
                row.get("what").asText(), JsonPointer.compile(row.get("at").asText()), row.get("put"), says);
    }

    private static Stream<BadResource> tooLarge() {
        return Stream.of(
                text("a name of 53", "/metadata/name", "a".repeat(53), "metadata.name", "more than 52"),
                text("a name of 254", "/metadata/name", "a".repeat(254), "metadata.name", "more than 52"),
                text("a target of 254", "/spec/targetRef/name", "a".repeat(254), "spec.targetRef.name", "than 253"),
                text("a long duration", "/spec/strategy/observe", "1h".repeat(15), "strategy.observe", "than 28"),
                text("a huge path", "/spec/limiter/limits/0/match/pathPrefix", "/".repeat(1_500_000), "than 1024"),
                text("a huge query", "/spec/stopLoss/rules/0/query", "x".repeat(1_000_000), "query", "than 4096"),
                text("a query's name of 64", "/spec/stopLoss/rules/0/name", "a".repeat(64), "rules[0].name", "than 63"),
                tenThousandSteps());
    }

    private static BadResource text(String what, String at, String put, String... says) {
        return new BadResource(what, JsonPointer.compile(at), TextNode.valueOf(put), List.of(says));
    }

    private static BadResource tenThousandSteps() {
        var steps = Examples.YAML.createArrayNode();
        for (var step = 0; step < 10_000; step++) {
            steps.addObject().set("weight", IntNode.valueOf(100));
        }
        var says = List.of("spec.strategy.steps: Too many", "at most 20");
        return new BadResource("ten thousand steps", JsonPointer.compile("/spec/strategy/steps"), steps, says);
    }

    /** Makes the change in a resource that would be accepted. */
    public void spoil(ObjectNode resource) {
        Examples.put(resource, at, put);
    }

    @Override
    public String toString() {
        return what;
    }
}
