package sluice.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** In what one limiter differs from another, field by field: {@code limits[api].tokens: 1000 -> 10}. */
public final class LimiterDiff {
    private static final String ABSENT = "(absent)";

    private LimiterDiff() {}

    /**
     * A line for each field that differs, in alphabetical order; empty when none does.
     *
     * @param from a limiter's canonical JSON
     * @param to another's
     * @return empty when one of them is no JSON
     */
    public static Optional<List<String>> of(String from, String to) {
        try {
            Map<String, String> before = fields(StrictJson.MAPPER.readTree(from));
            Map<String, String> after = fields(StrictJson.MAPPER.readTree(to));
            SortedSet<String> all = new TreeSet<>(before.keySet());
            all.addAll(after.keySet());
            return Optional.of(all.stream()
                    .filter(field ->
                            !Optional.ofNullable(before.get(field)).equals(Optional.ofNullable(after.get(field))))
                    .map(field -> "%s: %s -> %s"
                            .formatted(field, before.getOrDefault(field, ABSENT), after.getOrDefault(field, ABSENT)))
                    .toList());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** A text of a limiter; empty where there is none. */
    static Optional<String> field(String limiter, String name) {
        try {
            return Optional.ofNullable(
                    StrictJson.MAPPER.readTree(limiter).path(name).textValue());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> fields(JsonNode limiter) {
        Map<String, String> fields = new TreeMap<>();
        collect("", limiter, fields);
        return fields;
    }

    private static void collect(String path, JsonNode node, Map<String, String> fields) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(field -> collect(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), fields));
        } else if (node.isArray() && hasObjects(node)) {
            List<String> names = names(node);
            for (int i = 0; i < node.size(); i++) {
                String element = path + "[" + names.get(i) + "]";
                collect(element, node.path(i), fields);
                // It is in the path.
                fields.remove(
                        element + ".name",
                        JsonNodeFactory.instance.textNode(names.get(i)).toString());
            }
        } else {
            fields.put(path, node.toString());
        }
    }

    private static boolean hasObjects(JsonNode array) {
        return !array.isEmpty() && array.path(0).isObject();
    }

    /** What the elements of a list are called: by their names where each has one of its own, so that an inserted one shifts no other. */
    private static List<String> names(JsonNode array) {
        List<String> names = new ArrayList<>();
        array.forEach(element -> names.add(element.path("name").asText()));
        boolean named = names.stream().noneMatch(String::isEmpty) && new TreeSet<>(names).size() == names.size();
        if (named) {
            return names;
        }
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            numbers.add(String.valueOf(i));
        }
        return numbers;
    }
}
