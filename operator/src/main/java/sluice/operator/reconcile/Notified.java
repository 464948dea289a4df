package sluice.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.NotifiedStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.ToldHoldStatus;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Progress;

/**
 * What has been told and is not to be told again, or not yet.
 *
 * @param holds reasons to hold since the last decision to do something, and when they were told last
 * @param since when the rollout began that snapshots are about
 * @param snapshotAt when the last snapshot was due
 */
record Notified(Map<String, Instant> holds, Optional<Instant> since, Optional<Instant> snapshotAt) {

    /** What lasts for so long may have been forgotten, or be another's turn to look at. */
    static final Duration AGAIN = Duration.ofDays(1);

    private static final Notified NOTHING = new Notified(Map.of(), Optional.empty(), Optional.empty());

    Notified {
        holds = Map.copyOf(holds);
    }

    /** What of it still counts once an evaluation is committed. */
    Notified after(Evaluation evaluation) {
        var begun = switch (evaluation.next().progress()) {
            case Progress.Running running -> Optional.of(running.run().armedAt());
            case Progress.Promoted _ -> since;
            case Progress.Pending _, Progress.RollingBack _, Progress.RolledBack _ -> Optional.<Instant>empty();
        };
        return new Notified(evaluation.decision() instanceof Decision.Hold ? holds : Map.of(), begun, snapshotAt);
    }

    /** When people were told last that it holds for this reason. */
    Optional<Instant> toldAt(String reason) {
        return Optional.ofNullable(holds.get(reason));
    }

    /** Whether they may be told now. */
    boolean mayTell(String reason, Instant now) {
        return toldAt(reason).filter(at -> now.isBefore(at.plus(AGAIN))).isEmpty();
    }

    Notified held(String reason, Instant now) {
        var all = new HashMap<>(holds);
        all.put(reason, now);
        return new Notified(all, since, snapshotAt);
    }

    /** When a snapshot was due that has not been made. */
    Optional<Instant> snapshotDue(NotificationSettings settings, Instant now) {
        return settings.snapshots()
                .flatMap(cadence -> since.flatMap(begun -> cadence.due(begun, now)))
                .filter(due -> snapshotAt.map(due::isAfter).orElse(true));
    }

    Notified reported(Instant due) {
        return new Notified(holds, since, Optional.of(due));
    }

    static Notified of(@Nullable RateLimitRolloutStatus status) {
        var written = status == null ? null : status.notified();
        if (written == null) {
            return NOTHING;
        }
        try {
            return new Notified(
                    Optional.ofNullable(written.toldHolds()).orElse(List.of()).stream()
                            .collect(Collectors.toMap(
                                    each -> StatusText.require("reason", each.reason()),
                                    each -> StatusText.instant("at", each.at()),
                                    (first, second) -> second)),
                    StatusText.instant(written.since()),
                    StatusText.instant(written.snapshotAt()));
        } catch (IllegalArgumentException edited) {
            // Saying something twice is nothing to keep a rollout from going back for.
            return NOTHING;
        }
    }

    /** Always in the same order, so that nothing is written for it. */
    private List<ToldHoldStatus> told() {
        return holds.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> new ToldHoldStatus(each.getKey(), StatusText.of(each.getValue())))
                .toList();
    }

    NotifiedStatus toStatus() {
        return new NotifiedStatus(holds.isEmpty() ? null : told(), StatusText.of(since), StatusText.of(snapshotAt));
    }
}
