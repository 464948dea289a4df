package sluice.operator.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The reference of the resource's fields, made from its schema. */
final class ReferencePage {

    private static final String INTRODUCTION = """
            # RateLimitRollout

            `sluice.dev/v1alpha1`, namespaced, `kubectl get rlr`. `[]` is an entry of a list. A field without a default that is not
            marked required may be left out. Durations are whole `h`, `m`, `s` or `ms` (`1h30m`); decimals are strings (`"0.01"`).

            [crds/examples](../crds/examples) holds resources to start from.

            """;

    private final List<String> rows = new ArrayList<>();

    private ReferencePage() {}

    static String of(ObjectNode schema) {
        return "<!-- Generated from the schema. " + GeneratedFile.HOW_TO_UPDATE + " -->\n" + INTRODUCTION
                + section(schema, "spec") + "\n" + section(schema, "status");
    }

    private static String section(ObjectNode schema, String name) {
        var page = new ReferencePage();
        var part = schema.at("/properties/" + name);
        page.fields(name, part);
        return "## " + name + "\n\n" + part.path("description").asText() + "\n\n"
                + "| Field | Type | Default | Description |\n|---|---|---|---|\n"
                + String.join("\n", page.rows) + "\n";
    }

    private void fields(String path, JsonNode schema) {
        var required =
                schema.path("required").valueStream().map(JsonNode::asText).toList();
        for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
            var name = path + "." + field.getKey();
            row(name, field.getValue(), required.contains(field.getKey()));
            children(name, field.getValue());
        }
    }

    private void children(String path, JsonNode schema) {
        if (schema.has("items")) {
            children(path + "[]", schema.get("items"));
        } else {
            fields(path, schema);
        }
    }

    private void row(String name, JsonNode schema, boolean required) {
        var standard = required ? "required" : schema.has("default") ? "`" + schema.get("default") + "`" : "";
        rows.add("| `%s` | %s | %s | %s |"
                .formatted(
                        name,
                        type(schema),
                        cell(standard),
                        cell(schema.path("description").asText())));
    }

    private static String type(JsonNode schema) {
        if (schema.has("enum")) {
            return StreamSupport.stream(schema.get("enum").spliterator(), false)
                    .map(value -> "`" + value.asText() + "`")
                    .collect(Collectors.joining(", "));
        }
        return switch (schema.path("type").asText()) {
            case "array" -> "list of " + type(schema.get("items"));
            case "object" -> schema.has("additionalProperties") ? "map of string" : "object";
            case "integer" -> "integer" + range(schema);
            case String other -> other;
        };
    }

    private static String range(JsonNode schema) {
        return switch (schema.path("minimum").asText() + ".."
                + schema.path("maximum").asText()) {
            case ".." -> "";
            case String range -> " " + range;
        };
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
