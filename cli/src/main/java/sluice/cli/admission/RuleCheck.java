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
        JsonNode here = schema.path("x-kubernetes-validations");
        if (!here.isEmpty()) {
            broken(path, here, plain(value));
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

    private void broken(String path, JsonNode here, Object self) {
        for (JsonNode rule : here) {
            String source = rule.path("rule").asText();
            // What may not change has not changed in what is new.
            boolean holds = source.contains("oldSelf")
                    || rules.computeIfAbsent(source, Rule::parse).holds(self);
            if (!holds) {
                faults.add(fault(
                        path + rule.path("fieldPath").asText(),
                        rule.path("message").asText()));
            }
        }
    }

    /** Many messages begin with their field, as far as a rule can know it: without the numbers in lists. */
    private static Fault fault(String path, String message) {
        String field = path.startsWith(".") ? path.substring(1) : path;
        String known = field.replaceAll("\\[[0-9]+]", "[]") + ": ";
        return Fault.ofValue(field, message.startsWith(known) ? message.substring(known.length()) : message);
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
