package sluice.cli.explain;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.cli.RolloutView;
import sluice.operator.api.v1alpha1.DecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;

/** What happens next by itself, or what somebody must do. */
public final class Outlook {
    private final RolloutView rollout;

    public Outlook(RolloutView rollout) {
        this.rollout = rollout;
    }

    /** Without its end. */
    public String sentence() {
        return rollout.status()
                .map(this::sentence)
                .orElse("no operator has seen it yet; is one running that watches the namespace?");
    }

    private String sentence(RateLimitRolloutStatus status) {
        String reason = Optional.ofNullable(status.lastDecision())
                .map(DecisionStatus::reason)
                .orElse("");
        return switch (reason) {
            case "Latched" -> "it is not tried again until spec.limiter changes, or somebody says: " + verb("retry");
            case "Paused" -> "it stays until somebody says: " + verb("resume");
            case "AwaitingApproval" -> "it stays until somebody says: " + verb("promote");
            case "Suspended" -> "it stays until spec.suspend is false";
            case "Observing", "Holding" -> "it goes on" + in(status.nextIn()) + " unless a rule or a gate keeps it";
            case "HookRunning" ->
                "RolledBack".equals(status.phase())
                        ? "it goes on when the hook has ended"
                        : "it goes on when the hook has succeeded";
            case "HookJobRefused" ->
                "it tries to create the hook's Job again at every look, until the hook's timeout; to go on without it: "
                        + verb("skip-hook");
            case "HookFailed" ->
                "RolledBack".equals(status.phase()) || "RollingBack".equals(status.phase())
                        ? "it is not tried again until spec.limiter changes, or somebody says: " + verb("retry")
                        : "it stays until somebody says: %s; or, to go on without it: %s"
                                .formatted(verb("retry"), verb("skip-hook"));
            case "GateClosed" -> "it goes on when the gate opens";
            case "NotShownYet" -> "it goes on when enough requests have shown that the candidate is not worse";
            case "ShownWorse", "CannotBeShown" ->
                "it goes back when that lasts for spec.stopLoss.progressDeadline; it goes on when spec.comparison is removed";
            case "Armed" ->
                "nothing unless a rule is broken%s; to go back now: %s"
                        .formatted(within(status.nextIn()), verb("abort"));
            case "BackingOff" ->
                "it starts over%s; to try it now: %s; to keep it back: %s"
                        .formatted(in(status.nextIn()), verb("retry"), verb("abort"));
            case "Breaching" -> "it goes back when the breach lasts for the whole of the rule's for";
            case "NoData" ->
                "RolledBack".equals(status.phase())
                        ? "it starts over some time after data are back; to keep it back: " + verb("abort")
                        : "it goes on when data are back, and goes back when that takes longer than spec.stopLoss.noData.rollBackAfter";
            case "Complete", "AlreadyPromoted", "StepsCompleted" -> "nothing until spec.limiter changes";
            default -> "it is looked at every " + rollout.interval().toSeconds() + " s";
        };
    }

    private String verb(String verb) {
        return "kubectl rlr %s %s -n %s".formatted(verb, rollout.name(), rollout.namespace());
    }

    private static String within(@Nullable String time) {
        return time == null ? "" : " within " + time;
    }

    private static String in(@Nullable String time) {
        return time == null ? "" : " in " + time;
    }
}
