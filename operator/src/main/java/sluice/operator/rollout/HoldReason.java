package sluice.operator.rollout;

import java.util.Arrays;
import java.util.Optional;

/** Why nothing happens. */
public enum HoldReason {
    /** Something outside keeps the rollout from beginning; the blocker names the reason. */
    BLOCKED("Blocked"),
    /** The service breaches a stop-loss rule before anything was changed. */
    SERVICE_BREACHING("ServiceBreaching"),
    /** Sidecars are being put in place or have not confirmed the epoch. */
    SIDECARS_NOT_READY("SidecarsNotReady"),
    /** The target has no pods to watch. */
    SCALED_TO_ZERO("ScaledToZero"),
    /** The observation before the first step is not over. */
    OBSERVING("Observing"),
    /** The step's hold is not over. */
    HOLDING("Holding"),
    /** Somebody has paused it. */
    PAUSED("Paused"),
    /** The resource is suspended. */
    SUSPENDED("Suspended"),
    /** The hold is over, and a gate does not pass. */
    GATE_CLOSED("GateClosed"),
    /** The hold is over and the gates pass, and there are too few requests to show that the candidate is not worse than the stable arm. */
    NOT_SHOWN_YET("NotShownYet"),
    /** The hold is over and the gates pass, and however many requests come, they will not show it: the stable arm gets none any more. */
    CANNOT_BE_SHOWN("CannotBeShown"),
    /** The hold is over, and the candidate is shown to be worse than the stable arm by more than the margin. */
    SHOWN_WORSE("ShownWorse"),
    /** A hook's Job runs, or waits to begin. */
    HOOK_RUNNING("HookRunning"),
    /** A hook's Job cannot be created. */
    HOOK_REFUSED("HookJobRefused"),
    /** A hook has failed, and somebody must say what to do. */
    HOOK_FAILED("HookFailed"),
    /** All is well, and the step waits for somebody's approval. */
    AWAITING_APPROVAL("AwaitingApproval"),
    /** A rule's newest samples breach. */
    BREACHING("Breaching"),
    /** Data are missing. */
    NO_DATA("NoData"),
    /** There are no requests to judge by. */
    NO_TRAFFIC("NoTraffic"),
    /** One identity makes most requests: probably every caller is seen as one address. */
    SUSPICIOUS("OneIdentityDominates"),
    /** Evaluation had stopped for longer than the dead-man switch; the step's hold starts again. */
    EVALUATION_RESUMED("EvaluationResumed"),
    /** Sidecars have not all confirmed the rollback. */
    AWAITING_SIDECARS("AwaitingSidecars"),
    /** This revision was rolled back and is not tried again. */
    LATCHED("Latched"),
    /** Data are there again after a rollback for missing data, but not for long enough to start over. */
    BACKING_OFF("BackingOff"),
    /** The candidate is promoted, and a broken rule still takes it back. */
    ARMED("Armed"),
    /** The candidate is promoted; there is nothing to do. */
    COMPLETE("Complete");

    private final String text;

    HoldReason(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** Finds by name; empty for a blocker's, and for one of another version. */
    public static Optional<HoldReason> of(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }

    /** Whether it is a matter of course: time passes, or there is nothing to do. */
    public boolean isRoutine() {
        return switch (this) {
            case OBSERVING, HOLDING, HOOK_RUNNING, SIDECARS_NOT_READY, AWAITING_SIDECARS, LATCHED, ARMED, COMPLETE ->
                true;
            case BLOCKED,
                    SERVICE_BREACHING,
                    SCALED_TO_ZERO,
                    PAUSED,
                    SUSPENDED,
                    GATE_CLOSED,
                    NOT_SHOWN_YET,
                    CANNOT_BE_SHOWN,
                    SHOWN_WORSE,
                    HOOK_REFUSED,
                    HOOK_FAILED,
                    AWAITING_APPROVAL,
                    BREACHING,
                    NO_DATA,
                    NO_TRAFFIC,
                    SUSPICIOUS,
                    EVALUATION_RESUMED,
                    BACKING_OFF -> false;
        };
    }
}
