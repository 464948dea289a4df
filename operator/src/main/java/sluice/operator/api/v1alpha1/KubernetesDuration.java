package sluice.operator.api.v1alpha1;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** Durations as Kubernetes writes them (GEP-2257): {@code 300ms}, {@code 1m30s}, {@code 24h}. */
public final class KubernetesDuration {

    private static final Pattern WHOLE = Pattern.compile("([0-9]{1,5}(h|m|s|ms)){1,4}");
    private static final Pattern PART = Pattern.compile("([0-9]+)(ms|h|m|s)");

    private KubernetesDuration() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException naming the text, when it is not in Kubernetes form
     */
    public static Duration parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a duration like 300ms, 10s, 5m or 1h30m");
        }
        var duration = Duration.ZERO;
        for (var part = PART.matcher(text); part.find(); ) {
            duration = duration.plus(Long.parseLong(part.group(1)), unit(part.group(2)));
        }
        return duration;
    }

    private static ChronoUnit unit(String unit) {
        return switch (unit) {
            case "h" -> ChronoUnit.HOURS;
            case "m" -> ChronoUnit.MINUTES;
            case "s" -> ChronoUnit.SECONDS;
            default -> ChronoUnit.MILLIS;
        };
    }
}
