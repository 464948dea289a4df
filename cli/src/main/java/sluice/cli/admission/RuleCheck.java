package sluice.cli.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.cli.cel.Rule;

/** Checks a resource of the right shape against the rules in its schema. */
final class RuleCheck {
    private final Map<String, Rule> rules = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    /** Which rules are broken, in the order of the resource. */
    List<Fault> faults(JsonNode schema, JsonNode resource) {
        check("", schema, resource);
        return faults;
    }

    private void check(String path, JsonNode schema, JsonNode value) {
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            String source = rule.path("rule").asText();
            // What may not change has not changed in what is new.
            if (!source.contains("oldSelf") && !holds(source, value)) {
                String field = path + rule.path("fieldPath").asText();
                faults.add(Fault.ofValue(
                        field.startsWith(".") ? field.substring(1) : field,
                        rule.path("message").asText()));
            }
        }
        if (value.isObject()) {
            value.properties()
                    .forEach(field -> check(
                            Schemas.path(path, field.getKey()),
                            Schemas.field(schema, field.getKey()),
                            field.getValue()));
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            check(path + "[" + i + "]", Schemas.element(schema), value.get(i));
        }
    }

    private boolean holds(String source, JsonNode value) {
        return rules.computeIfAbsent(source, Rule::parse).holds(plain(value));
    }

    private static Object plain(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                value.properties().forEach(field -> map.put(field.getKey(), plain(field.getValue())));
                yield map;
            }
            case ARRAY -> value.valueStream().map(RuleCheck::plain).toList();
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> value.longValue();
            default -> value.asText();
        };
    }
}
