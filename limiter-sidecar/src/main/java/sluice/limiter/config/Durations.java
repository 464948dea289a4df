package sluice.limiter.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Durations as Kubernetes writes them (GEP-2257): {@code 300ms}, {@code 1m30s}, {@code 24h}. */
public final class Durations {

    private static final Pattern WHOLE = Pattern.compile("([0-9]{1,9}(h|m|s|ms)){1,4}");
    private static final Pattern PART = Pattern.compile("([0-9]+)(ms|h|m|s)");

    private Durations() {}

    /** Reads durations within the bounds; anything else is an {@code IllegalArgumentException} that says what would be right. */
    public static Function<String, Duration> between(Duration least, Duration most) {
        return text -> {
            var duration = WHOLE.matcher(text).matches() ? parse(text) : null;
            if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw new IllegalArgumentException("must be a duration such as 300ms, 10s or 1h30m, from "
                        + format(least) + " to " + format(most) + ", is " + text);
            }
            return duration;
        };
    }

    private static Duration parse(String text) {
        return PART.matcher(text)
                .results()
                .map(part -> Duration.of(Long.parseLong(part.group(1)), unit(part.group(2))))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static ChronoUnit unit(String unit) {
        return switch (unit) {
            case "h" -> ChronoUnit.HOURS;
            case "m" -> ChronoUnit.MINUTES;
            case "s" -> ChronoUnit.SECONDS;
            default -> ChronoUnit.MILLIS;
        };
    }

    /** The duration in its largest whole unit. */
    public static String format(Duration duration) {
        var millis = duration.toMillis();
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }
}
