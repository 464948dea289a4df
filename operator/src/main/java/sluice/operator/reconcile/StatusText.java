package sluice.operator.reconcile;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How values are written in status: decimals and durations as strings, times as RFC 3339 with milliseconds. */
final class StatusText {
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int LONGEST_PLAIN = 24;
    private static final int LONGEST_QUOTE = 500;

    private StatusText() {}

    static String of(Instant at) {
        return MILLIS.format(at);
    }

    static @Nullable String of(Optional<Instant> at) {
        return at.map(StatusText::of).orElse(null);
    }

    /** The shortest decimal that reads back as the same number. */
    static String of(double value) {
        BigDecimal exact = BigDecimal.valueOf(value);
        String plain = exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
        return plain.length() > LONGEST_PLAIN ? exact.toString() : plain;
    }

    /** As Kubernetes writes durations, {@code 4m10s}. */
    static String of(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount != 0) {
            text.append(amount).append(unit);
        }
    }

    /** Others' words, in a status that must stay small. */
    static String shortened(String words) {
        return words.length() > LONGEST_QUOTE ? words.substring(0, LONGEST_QUOTE) + "..." : words;
    }

    static Instant instant(String field, @Nullable String text) {
        try {
            return Instant.parse(require(field, text));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("status." + field + " is not a time", e);
        }
    }

    static Optional<Instant> instant(@Nullable String text) {
        return text == null ? Optional.empty() : Optional.of(instant("timers", text));
    }

    static double decimal(String field, @Nullable String text) {
        try {
            return Double.parseDouble(require(field, text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("status." + field + " is not a decimal", e);
        }
    }

    static <T> T require(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("status." + field + " is missing");
        }
        return value;
    }
}
