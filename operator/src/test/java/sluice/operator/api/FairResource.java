package sluice.operator.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A resource that must be taken.
 *
 * @param at where a resource that would be accepted is changed
 * @param put what is put there
 * @param fills what the defaults then are, and where
 */
public record FairResource(JsonPointer at, JsonNode put, Map<JsonPointer, String> fills) {

    /** The table of them. */
    public static Stream<FairResource> all() throws IOException {
        try (var table = requireNonNull(FairResource.class.getResourceAsStream("fair-resources.yaml"))) {
            return Examples.YAML.readTree(table).valueStream().map(FairResource::row);
        }
    }

    private static FairResource row(JsonNode row) {
        var fills = row.path("fills").properties().stream()
                .collect(Collectors.toMap(
                        fill -> JsonPointer.compile(fill.getKey()),
                        fill -> fill.getValue().asText()));
        return new FairResource(JsonPointer.compile(row.get("at").asText()), row.get("put"), fills);
    }

    /** Makes the change. */
    public void change(ObjectNode resource) {
        Examples.put(resource, at, put);
    }

    @Override
    public String toString() {
        return at + " " + put;
    }
}
