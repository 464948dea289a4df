package sluice.operator.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.MarginStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.SidecarsStatus;
import sluice.operator.api.v1alpha1.SignalStatus;
import sluice.operator.api.v1alpha1.SnapshotStatus;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Samples;

/** Snapshots as data, and those that status keeps, so that what people were told can be shown later. */
public final class SnapshotRecord {

    /** Six hours of them, twice. */
    static final int MOST = 12;

    private static final int MOST_MARGINS = 8;

    private SnapshotRecord() {}

    /**
     * A status with the snapshots of the one before, newest first, and one more where it is due.
     *
     * @param at when it was due; empty when none is
     */
    static RateLimitRolloutStatus in(
            RateLimitRolloutStatus status,
            @Nullable RateLimitRolloutStatus before,
            Optional<Figures> figures,
            Optional<Instant> at) {
        var kept = new ArrayList<>(Optional.ofNullable(before)
                .map(RateLimitRolloutStatus::snapshots)
                .orElse(List.of()));
        at.ifPresent(due -> figures.ifPresent(seen -> kept.addFirst(of(status, seen, due))));
        var newest = kept.subList(0, Math.min(MOST, kept.size()));
        return newest.isEmpty()
                ? status
                : StatusEdit.of(status).put("snapshots", List.copyOf(newest)).done();
    }

    /**
     * How a rollout is.
     *
     * @param status what the operator has decided and seen
     * @param figures how its service is at that time
     * @param at that time
     */
    public static SnapshotStatus of(RateLimitRolloutStatus status, Figures figures, Instant at) {
        var limiter = Optional.ofNullable(status.candidate()).or(() -> Optional.ofNullable(status.stable()));
        return new SnapshotStatus(
                StatusText.of(at),
                status.phase(),
                limiter.map(LimiterStatus::revision).orElse(null),
                limiter.flatMap(SnapshotRecord::backend).orElse(null),
                number(figures.fallback()).map(Double::intValue).orElse(null),
                Optional.ofNullable(status.sidecars())
                        .map(SidecarsStatus::injected)
                        .orElse(null),
                status.weight(),
                value(figures.requests()),
                value(figures.errorRatio()),
                value(figures.latencyP50()),
                value(figures.latencyP95()),
                value(figures.latencyP99()),
                value(figures.authFailures()),
                value(figures.throttledRatio()),
                Optional.ofNullable(status.signals()).orElse(List.of()).stream()
                        .limit(MOST_MARGINS)
                        .map(SnapshotRecord::margin)
                        .toList());
    }

    /** What the limiter's own text says; empty for a text that is none. */
    private static Optional<String> backend(LimiterStatus limiter) {
        return Optional.ofNullable(limiter.limiter()).flatMap(text -> LimiterDiff.field(text, "backend"));
    }

    private static @Nullable String value(Reading reading) {
        return number(reading).map(StatusText::of).orElse(null);
    }

    private static Optional<Double> number(Reading reading) {
        return switch (reading) {
            case Reading.Value(Samples samples) -> Optional.of(samples.last().value());
            case Reading.Missing _, Reading.NoTraffic _ -> Optional.empty();
        };
    }

    private static MarginStatus margin(SignalStatus signal) {
        return new MarginStatus(signal.name(), signal.scope(), signal.value(), signal.threshold(), left(signal));
    }

    private static @Nullable String left(SignalStatus signal) {
        if (signal.value() == null) {
            return null;
        }
        var threshold = StatusText.decimal("signals.threshold", signal.threshold());
        var value = StatusText.decimal("signals.value", signal.value());
        return threshold > 0 ? String.format(Locale.ROOT, "%.0f%%", 100 - 100 * value / threshold) : null;
    }
}
