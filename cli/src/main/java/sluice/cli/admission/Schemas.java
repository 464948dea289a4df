package sluice.cli.admission;

import com.fasterxml.jackson.databind.JsonNode;

/** Where a schema has the schema of a part. */
final class Schemas {
    private Schemas() {}

    /** Of a field; missing when there is no such field. */
    static JsonNode field(JsonNode schema, String name) {
        JsonNode property = schema.path("properties").path(name);
        return property.isMissingNode() ? schema.path("additionalProperties") : property;
    }

    /** Of a list's elements. */
    static JsonNode element(JsonNode schema) {
        return schema.path("items");
    }

    /** The path of a field. */
    static String path(String parent, String name) {
        return parent.isEmpty() ? name : parent + "." + name;
    }

    /** Whether fields that it does not name are left as they are. */
    static boolean keepsUnknownFields(JsonNode schema) {
        return schema.has("x-kubernetes-preserve-unknown-fields");
    }
}
