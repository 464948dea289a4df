package sluice.operator.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The schema by which the command line refuses what an API server refuses: the definition's own, and what holds for every object. */
final class AdmissionSchema {

    private AdmissionSchema() {}

    static String of(ObjectNode crd) {
        var schema = Crd.schema(crd).deepCopy();
        var properties = (ObjectNode) schema.get("properties");
        properties.remove("status");
        var version = crd.at("/spec/group").asText() + "/"
                + crd.at("/spec/versions/0/name").asText();
        constant(properties, "apiVersion", version);
        constant(properties, "kind", crd.at("/spec/names/kind").asText());
        schema.putArray("required")
                .add("apiVersion")
                .add("kind")
                .add("metadata")
                .add("spec");
        var metadata = (ObjectNode) properties.get("metadata");
        metadata.put("x-kubernetes-preserve-unknown-fields", true)
                .putArray("required")
                .add("name");
        ((ObjectNode) metadata.at("/properties/name"))
                .putArray("x-kubernetes-validations")
                .addObject()
                .put("rule", "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')")
                .put("message", "must consist of lower case alphanumeric characters, '-' or '.', such as my-app");
        withoutDescriptions(schema);
        return schema.toPrettyString() + "\n";
    }

    private static void constant(ObjectNode properties, String field, String value) {
        properties.putObject(field).put("type", "string").putArray("enum").add(value);
    }

    /** A description is a text; a field of that name would be a schema. */
    private static void withoutDescriptions(JsonNode node) {
        if (node instanceof ObjectNode object && object.path("description").isTextual()) {
            object.remove("description");
        }
        node.forEach(AdmissionSchema::withoutDescriptions);
    }
}
