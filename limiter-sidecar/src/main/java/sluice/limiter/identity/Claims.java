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
 * What a verified token says of its bearer: texts, numbers and truth values by the claim's name, and lists of them. Objects, and what
 * differs from token to token, are left out; number and sizes are bounded.
 */
public record Claims(Map<String, Set<String>> values) {

    /** Of a caller without a verified token. */
    public static final Claims NONE = new Claims(Map.of());

    private static final Set<String> OF_ONE_TOKEN = Set.of("exp", "iat", "nbf", "jti");
    private static final int MOST_CLAIMS = 64;
    private static final int MOST_VALUES = 64;
    private static final int LONGEST = 128;
    private static final int ENTRY_OVERHEAD = 64;

    static Claims of(Map<String, @Nullable Object> claims) {
        var kept = new HashMap<String, Set<String>>();
        claims.forEach((name, value) -> {
            var texts = texts(value);
            if (isKept(name) && !texts.isEmpty() && kept.size() < MOST_CLAIMS) {
                kept.put(name, texts);
            }
        });
        return kept.isEmpty() ? NONE : new Claims(Map.copyOf(kept));
    }

    private static boolean isKept(String name) {
        return name.length() <= LONGEST && !OF_ONE_TOKEN.contains(name);
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
