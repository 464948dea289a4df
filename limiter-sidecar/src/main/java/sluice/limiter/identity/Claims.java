package sluice.limiter.identity;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token says of its bearer, as far as somebody wants to know it: texts, numbers and truth values by the claim's name,
 * and lists of them. Objects are left out; number and sizes are bounded.
 */
public record Claims(Map<String, Set<String>> values) {

    /** Of a caller without a verified token. */
    public static final Claims NONE = new Claims(Map.of());

    private static final int MOST_VALUES = 64;
    private static final int LONGEST = 128;
    private static final int ENTRY_OVERHEAD = 64;

    /** Those of {@code claims} that are {@code wanted}. */
    static Claims of(Map<String, @Nullable Object> claims, Set<String> wanted) {
        var kept = new HashMap<String, Set<String>>();
        for (var name : wanted) {
            var texts = texts(claims.get(name));
            if (!texts.isEmpty()) {
                kept.put(name, texts);
            }
        }
        return kept.isEmpty() ? NONE : new Claims(Map.copyOf(kept));
    }

    private static Set<String> texts(@Nullable Object value) {
        return members(value)
                .filter(Objects::nonNull)
                .filter(member -> member instanceof String || member instanceof Number || member instanceof Boolean)
                .map(Object::toString)
                .filter(text -> text.length() <= LONGEST)
                .limit(MOST_VALUES)
                .collect(toUnmodifiableSet());
    }

    private static Stream<?> members(@Nullable Object value) {
        return switch (value) {
            case Collection<?> list -> list.stream();
            case null -> Stream.empty();
            default -> Stream.of(value);
        };
    }

    /** True when the claim is {@code value}, or a list that has it. */
    public boolean has(String name, String value) {
        return values.getOrDefault(name, Set.of()).contains(value);
    }

    /** About how many bytes they take. */
    int weight() {
        return values.entrySet().stream()
                .mapToInt(claim -> weight(claim.getKey())
                        + claim.getValue().stream().mapToInt(Claims::weight).sum())
                .sum();
    }

    private static int weight(String text) {
        return ENTRY_OVERHEAD + text.length();
    }
}
