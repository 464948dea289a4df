package sluice.cli.admission;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.cli.cel.Rule;

class SchemaTest {
    private static final Set<String> KNOWN = Set.of(
            "additionalProperties",
            "default",
            "enum",
            "items",
            "maxItems",
            "maxLength",
            "maxProperties",
            "maximum",
            "minItems",
            "minLength",
            "minProperties",
            "minimum",
            "properties",
            "required",
            "type",
            "x-kubernetes-list-map-keys",
            "x-kubernetes-list-type",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-validations");

    private static JsonNode schema() throws IOException {
        try (var file = requireNonNull(Admission.class.getResourceAsStream("schema.json"))) {
            return new JsonMapper().readTree(file);
        }
    }

    @Test
    void sayNothingThatIsNotChecked() throws IOException {
        assertThat(all(schema()))
                .hasSizeGreaterThan(100)
                .allSatisfy(
                        schema -> assertThat(schema.fieldNames()).toIterable().isSubsetOf(KNOWN));
    }

    @Test
    void everyRuleCanBeRead() throws IOException {
        assertThat(all(schema()).stream()
                        .flatMap(schema ->
                                schema.path("x-kubernetes-validations").valueStream()))
                .hasSizeGreaterThan(100)
                .allSatisfy(rule -> {
                    assertThat(rule.fieldNames()).toIterable().isSubsetOf("rule", "message", "fieldPath");
                    Rule.parse(rule.path("rule").asText());
                });
    }

    private static List<JsonNode> all(JsonNode schema) {
        var all = new ArrayList<>(List.of(schema));
        schema.path("properties").forEach(property -> all.addAll(all(property)));
        for (var inner : List.of("items", "additionalProperties")) {
            if (schema.has(inner)) {
                all.addAll(all(schema.get(inner)));
            }
        }
        return all;
    }
}
