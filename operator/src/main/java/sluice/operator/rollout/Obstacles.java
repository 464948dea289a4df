package sluice.operator.rollout;

import java.time.Instant;

/** What counts as being kept from progressing. */
final class Obstacles {
    private Obstacles() {}

    /**
     * Whether a hold uses up the progress deadline. Time and missing data have their own clocks; a target without pods waits as long as it
     * takes, and so does a service without traffic while nothing is exposed, and a comparison that has too few requests to show anything,
     * unless more of them would not help.
     */
    static boolean stalls(HoldReason kind, Progress progress) {
        return switch (kind) {
            case BLOCKED, SIDECARS_NOT_READY, SUSPICIOUS, BREACHING, SHOWN_WORSE, CANNOT_BE_SHOWN ->
                progress instanceof Progress.Running;
            case NO_TRAFFIC -> progress instanceof Progress.Exposed;
            case SERVICE_BREACHING,
                    SCALED_TO_ZERO,
                    OBSERVING,
                    HOLDING,
                    NO_DATA,
                    EVALUATION_RESUMED,
                    PAUSED,
                    SUSPENDED,
                    GATE_CLOSED,
                    NOT_SHOWN_YET,
                    HOOK_RUNNING,
                    HOOK_REFUSED,
                    HOOK_FAILED,
                    AWAITING_APPROVAL,
                    AWAITING_SIDECARS,
                    LATCHED,
                    BACKING_OFF,
                    ARMED,
                    COMPLETE -> false;
        };
    }

    /** Whether evaluation had stopped for so long that sidecars left the candidate by themselves. */
    static boolean evaluationStopped(RolloutPlan plan, RolloutState state, Instant now) {
        return state.timers()
                .evaluatedAt()
                .map(last -> last.plus(plan.stopLoss().deadManSwitch()).isBefore(now))
                .orElse(false);
    }
}
