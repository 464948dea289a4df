package sluice.cli.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Fills in the schema's defaults, as an API server does before it checks anything. */
final class Defaults {
    private Defaults() {}

    static void fill(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            // A field that is null is one that is absent.
            object.properties().removeIf(field -> field.getValue().isNull());
            for (Map.Entry<String, JsonNode> property :
                    schema.path("properties").properties()) {
                JsonNode standard = property.getValue().path("default");
                if (!standard.isMissingNode() && !object.has(property.getKey())) {
                    object.set(property.getKey(), standard.deepCopy());
                }
            }
            object.properties().forEach(field -> fill(Schemas.field(schema, field.getKey()), field.getValue()));
        } else if (value.isArray()) {
            value.forEach(element -> fill(Schemas.element(schema), element));
        }
    }
}
