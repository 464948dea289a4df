package sluice.cli.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks a resource against its schema, and says what is wrong in the words of an API server. */
final class SchemaCheck {
    private final List<Fault> faults = new ArrayList<>();

    /** What is wrong, in the order of the resource. */
    List<Fault> faults(JsonNode schema, JsonNode resource) {
        check("", schema, resource);
        return faults;
    }

    private void check(String path, JsonNode schema, JsonNode value) {
        String type = schema.path("type").asText();
        if (!isOfType(type, value)) {
            shape(path, "must be of type " + type + ", is " + value);
            return;
        }
        allowed(path, schema, value);
        switch (type) {
            case "object" -> object(path, schema, value);
            case "array" -> array(path, schema, value);
            case "string" -> text(path, schema, value.asText());
            case "integer" -> integer(path, schema, value);
            default -> {}
        }
    }

    private static boolean isOfType(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber() || isWhole(value);
            default -> throw new IllegalArgumentException("the schema has a type that is not known here: " + type);
        };
    }

    private static boolean isWhole(JsonNode value) {
        return value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
    }

    private void allowed(String path, JsonNode schema, JsonNode value) {
        if (schema.has("enum") && schema.path("enum").valueStream().noneMatch(value::equals)) {
            String supported =
                    schema.path("enum").valueStream().map(JsonNode::toString).collect(Collectors.joining(", "));
            value(path, "Unsupported value: " + value + ": supported values: " + supported);
        }
    }

    private void object(String path, JsonNode schema, JsonNode value) {
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asText())) {
                shape(Schemas.path(path, name.asText()), "Required value");
            }
        }
        size(path, schema, value, "Properties", "properties");
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String inner = Schemas.path(path, field.getKey());
            JsonNode of = Schemas.field(schema, field.getKey());
            if (!of.isMissingNode()) {
                check(inner, of, field.getValue());
            } else if (!Schemas.keepsUnknownFields(schema)) {
                shape("", "unknown field \"" + inner + "\"");
            }
        }
    }

    private void array(String path, JsonNode schema, JsonNode value) {
        size(path, schema, value, "Items", "items");
        Set<List<JsonNode>> keys = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            String inner = path + "[" + i + "]";
            check(inner, Schemas.element(schema), value.get(i));
            if (schema.has("x-kubernetes-list-map-keys") && !keys.add(key(schema, value.get(i)))) {
                value(inner, "Duplicate value: " + value.get(i));
            }
        }
    }

    private static List<JsonNode> key(JsonNode schema, JsonNode element) {
        return schema.path("x-kubernetes-list-map-keys")
                .valueStream()
                .map(name -> element.path(name.asText()))
                .toList();
    }

    private void size(String path, JsonNode schema, JsonNode value, String of, String what) {
        if (value.size() < schema.path("min" + of).asInt()) {
            value(path, "should have at least %s %s".formatted(schema.path("min" + of), what));
        }
        if (value.size() > schema.path("max" + of).asInt(Integer.MAX_VALUE)) {
            shape(path, "Too many: %d: must have at most %s %s".formatted(value.size(), schema.path("max" + of), what));
        }
    }

    private void text(String path, JsonNode schema, String text) {
        int length = text.codePointCount(0, text.length());
        if (length < schema.path("minLength").asInt()) {
            value(path, "should be at least %s chars long".formatted(schema.path("minLength")));
        }
        if (length > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
            shape(path, "Too long: may not be more than %s chars".formatted(schema.path("maxLength")));
        }
    }

    private void integer(String path, JsonNode schema, JsonNode value) {
        if (value.doubleValue() < schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)) {
            value(path, "should be greater than or equal to %s, is %s".formatted(schema.path("minimum"), value));
        }
        if (value.doubleValue() > schema.path("maximum").asDouble(Double.POSITIVE_INFINITY)) {
            value(path, "should be less than or equal to %s, is %s".formatted(schema.path("maximum"), value));
        }
    }

    private void shape(String path, String what) {
        faults.add(Fault.ofShape(path, what));
    }

    private void value(String path, String what) {
        faults.add(Fault.ofValue(path, what));
    }
}
