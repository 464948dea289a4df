package sluice.operator.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.MarginStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.SnapshotStatus;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Samples;

/** The snapshots that status keeps, so that what people were told can be shown later. */
final class SnapshotRecord {

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
            Evaluation evaluation,
            Optional<Figures> figures,
            Optional<String> at) {
        var kept = new ArrayList<>(Optional.ofNullable(before)
                .map(RateLimitRolloutStatus::snapshots)
                .orElse(List.of()));
        at.ifPresent(due -> figures.ifPresent(seen -> kept.addFirst(snapshot(status, evaluation, seen, due))));
        var newest = kept.subList(0, Math.min(MOST, kept.size()));
        return newest.isEmpty()
                ? status
                : StatusEdit.of(status).put("snapshots", List.copyOf(newest)).done();
    }

    private static SnapshotStatus snapshot(
            RateLimitRolloutStatus status, Evaluation evaluation, Figures figures, String at) {
        var limiter = evaluation.next().candidate().orElse(evaluation.next().stable());
        return new SnapshotStatus(
                at,
                status.phase(),
                limiter.revision(),
                backend(limiter),
                status.weight(),
                value(figures.requests()),
                value(figures.errorRatio()),
                value(figures.latencyP50()),
                value(figures.latencyP95()),
                value(figures.latencyP99()),
                value(figures.authFailures()),
                value(figures.throttledRatio()),
                evaluation.findings().stream()
                        .limit(MOST_MARGINS)
                        .map(SnapshotRecord::margin)
                        .toList());
    }

    /** What the limiter's own text says; empty for a text that is none. */
    private static @Nullable String backend(Limiter limiter) {
        return LimiterDiff.field(limiter.text(), "backend").orElse(null);
    }

    private static @Nullable String value(Reading reading) {
        return switch (reading) {
            case Reading.Value(Samples samples) -> StatusText.of(samples.last().value());
            case Reading.Missing _, Reading.NoTraffic _ -> null;
        };
    }

    private static MarginStatus margin(Finding finding) {
        var value = finding.value();
        return new MarginStatus(
                finding.signal().text(),
                finding.scope().text(),
                value.isPresent() ? StatusText.of(value.getAsDouble()) : null,
                StatusText.of(finding.threshold()),
                value.isPresent() && finding.threshold() > 0
                        ? String.format(Locale.ROOT, "%.0f%%", 100 - 100 * value.getAsDouble() / finding.threshold())
                        : null);
    }
}
