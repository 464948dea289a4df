package sluice.operator.reconcile;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;

/** Writes down when the last sidecar acknowledged a rollback, for whoever measures it. No decision depends on it. */
final class LastAck {

    private LastAck() {}

    /** The status with the time: the one already written down for a finished rollback, else what is known now. */
    static RateLimitRolloutStatus in(
            RateLimitRolloutStatus status, @Nullable RateLimitRolloutStatus before, Optional<Instant> lastAckAt) {
        var rollback = status.lastRollback();
        if (rollback == null) {
            return status;
        }
        var known = Optional.ofNullable(before)
                .map(RateLimitRolloutStatus::lastRollback)
                .filter(old -> String.valueOf(old.decidedAt()).equals(rollback.decidedAt()));
        var settled = known.filter(old -> old.finishedAt() != null).isPresent();
        var at = settled ? Optional.<String>empty() : lastAckAt.map(StatusText::of);
        return at.or(() -> known.map(RollbackStatus::lastAckAt))
                .map(time -> StatusEdit.of(status)
                        .put(
                                "lastRollback",
                                StatusEdit.of(RollbackStatus.class, rollback)
                                        .put("lastAckAt", time)
                                        .done())
                        .done())
                .orElse(status);
    }
}
