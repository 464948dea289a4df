package sluice.cli.backtest;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import sluice.operator.api.v1alpha1.KubernetesDuration;

/** A time as people write it. */
final class Moment {
    private Moment() {}

    /**
     * Reads {@code now}, a time before now as in {@code -24h}, or one of RFC 3339; to the second.
     *
     * @throws IllegalArgumentException for any other text
     */
    static Instant parse(String text, Instant now) {
        try {
            Instant exact = text.equals("now")
                    ? now
                    : text.startsWith("-")
                            ? now.minus(KubernetesDuration.parse(text.substring(1)))
                            : OffsetDateTime.parse(text).toInstant();
            return exact.truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time; use now, -24h or 2026-01-31T12:00:00Z", e);
        }
    }
}
