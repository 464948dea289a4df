package sluice.operator.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.NotifiedStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Progress;

/**
 * What has been told and is not to be told again.
 *
 * @param holds reasons to hold, since the last decision to do something
 * @param since when the rollout began that snapshots are about
 * @param snapshotAt when the last snapshot was due
 */
record Notified(List<String> holds, Optional<Instant> since, Optional<Instant> snapshotAt) {

    private static final Notified NOTHING = new Notified(List.of(), Optional.empty(), Optional.empty());

    Notified {
        holds = List.copyOf(holds);
    }

    /** What of it still counts once an evaluation is committed. */
    Notified after(Evaluation evaluation) {
        var begun = switch (evaluation.next().progress()) {
            case Progress.Running running -> Optional.of(running.run().armedAt());
            case Progress.Promoted _ -> since;
            case Progress.Pending _, Progress.RollingBack _, Progress.RolledBack _ -> Optional.<Instant>empty();
        };
        return new Notified(evaluation.decision() instanceof Decision.Hold ? holds : List.of(), begun, snapshotAt);
    }

    Notified held(String reason) {
        var all = new ArrayList<>(holds);
        all.add(reason);
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
                    Optional.ofNullable(written.holds()).orElse(List.of()),
                    StatusText.instant(written.since()),
                    StatusText.instant(written.snapshotAt()));
        } catch (IllegalArgumentException edited) {
            // Saying something twice is nothing to keep a rollout from going back for.
            return NOTHING;
        }
    }

    NotifiedStatus toStatus() {
        return new NotifiedStatus(holds.isEmpty() ? null : holds, StatusText.of(since), StatusText.of(snapshotAt));
    }
}
