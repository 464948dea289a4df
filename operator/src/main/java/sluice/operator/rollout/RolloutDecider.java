package sluice.operator.rollout;

import java.time.Instant;

/** Decides what a rollout does next. */
public final class RolloutDecider {
    private RolloutDecider() {}

    /**
     * One evaluation. Pure: the same arguments give the same result.
     *
     * <p>Precedence: stop-loss, no-data deadline, progress deadline, time.
     */
    public static Evaluation decide(RolloutPlan plan, RolloutState state, Observation observation, Instant now) {
        return new Evaluation(
                new Decision.Hold(HoldReason.BLOCKED, "Blocked", "", java.util.Optional.empty()),
                state,
                java.util.List.of());
    }
}
