package sluice.cli.explain;

import static java.util.Objects.requireNonNullElse;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.cli.RolloutView;
import sluice.operator.api.v1alpha1.DecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.SignalStatus;
import sluice.operator.rollout.HoldReason;
import sluice.operator.rollout.Phase;
import sluice.operator.rollout.Signal;

/** What happens next by itself, or what somebody must do. */
public final class Outlook {
    private static final String NOT_AGAIN = "it is not tried again until spec.limiter changes, or somebody says: ";
    private static final String OR_BACK = ", and goes back when that takes longer than spec.stopLoss.progressDeadline";
    private static final String LASTING = "it goes back when the breach lasts for the whole of the rule's for";
    private static final Set<String> BREACH = Set.of("Breaching", "Broken");
    private static final String NOTHING = "nothing until spec.limiter changes";

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
        return HoldReason.of(reason)
                .filter(_ -> isHold(status))
                .map(kind -> held(kind, status))
                .orElseGet(() -> decided(reason));
    }

    /** A rollback has reasons of the same names. */
    private static boolean isHold(RateLimitRolloutStatus status) {
        return Optional.ofNullable(status.lastDecision())
                .map(DecisionStatus::name)
                .filter("Hold"::equals)
                .isPresent();
    }

    private String held(HoldReason kind, RateLimitRolloutStatus status) {
        return switch (kind) {
            case LATCHED -> NOT_AGAIN + verb("retry");
            case PAUSED -> "it stays until somebody says: " + verb("resume");
            case AWAITING_APPROVAL -> "it stays until somebody says: " + verb("promote");
            case SUSPENDED -> "it stays until spec.suspend is false";
            case OBSERVING, HOLDING -> "it goes on" + in(status.nextIn()) + " unless a rule or a gate keeps it";
            case EVALUATION_RESUMED -> "it goes on after the step's hold, which begins again";
            case SERVICE_BREACHING -> "it goes on when the service breaches no rule any more";
            case SIDECARS_NOT_READY -> "it goes on when every sidecar is ready" + OR_BACK;
            case SCALED_TO_ZERO -> "it goes on when the target has pods";
            case NO_TRAFFIC -> "it goes on when there are requests" + (isExposed(status) ? OR_BACK : "");
            case SUSPICIOUS -> "it goes on when no identity makes most of the requests" + OR_BACK;
            case AWAITING_SIDECARS ->
                "it is back when every sidecar has confirmed it, or is known to have left the candidate by itself";
            case HOOK_RUNNING ->
                isRolledBack(status) ? "it goes on when the hook has ended" : "it goes on when the hook has succeeded";
            case HOOK_REFUSED ->
                "it tries to create the hook's Job again at every look, until the hook's timeout; to go on without it: "
                        + verb("skip-hook");
            case HOOK_FAILED ->
                isRolledBack(status) || isIn(status, Phase.ROLLING_BACK)
                        ? NOT_AGAIN + verb("retry")
                        : "it stays until somebody says: %s; or, to go on without it: %s"
                                .formatted(verb("retry"), verb("skip-hook"));
            case GATE_CLOSED -> "it goes on when the gate opens";
            case NOT_SHOWN_YET -> "it goes on when enough requests have shown that the candidate is not worse";
            case SHOWN_WORSE, CANNOT_BE_SHOWN ->
                "it goes back when that lasts for spec.stopLoss.progressDeadline; it goes on when spec.comparison is removed";
            case ARMED ->
                "nothing unless a rule is broken%s; to go back now: %s"
                        .formatted(within(status.nextIn()), verb("abort"));
            case BACKING_OFF ->
                "it starts over%s; to try it now: %s; to keep it back: %s"
                        .formatted(in(status.nextIn()), verb("retry"), verb("abort"));
            case BREACHING -> breaching(status);
            case NO_DATA -> noData(status);
            case COMPLETE -> NOTHING;
            case BLOCKED -> looked();
        };
    }

    private String breaching(RateLimitRolloutStatus status) {
        if (!isIn(status, Phase.PROMOTED)) {
            return LASTING;
        }
        Set<String> breaching = breachingRules(status);
        String abort = "; to go back now: " + verb("abort");
        // With everybody behind the limiter, callers over their limits are what it is for.
        if (!breaching.remove(Signal.THROTTLED_RATIO.text())) {
            return LASTING + abort;
        }
        return breaching.isEmpty()
                ? "nothing by itself, for ThrottledRatio takes nobody back after a promotion" + abort
                : "it goes back when the breach of %s lasts for the whole of the rule's for, and not for ThrottledRatio%s"
                        .formatted(String.join(" or ", breaching), abort);
    }

    private static Set<String> breachingRules(RateLimitRolloutStatus status) {
        return requireNonNullElse(status.signals(), List.<SignalStatus>of()).stream()
                .filter(signal -> BREACH.contains(requireNonNullElse(signal.verdict(), "")))
                .map(signal -> requireNonNullElse(signal.name(), ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String noData(RateLimitRolloutStatus status) {
        if (isIn(status, Phase.PROMOTED)) {
            return "nothing for as long as data are missing; to go back now: " + verb("abort");
        }
        return isRolledBack(status)
                ? "it starts over some time after data are back; to keep it back: " + verb("abort")
                : "it goes on when data are back, and goes back when that takes longer than spec.stopLoss.noData.rollBackAfter";
    }

    /** After a decision that is no hold, and for a blocker. */
    private String decided(String reason) {
        return reason.equals("AlreadyPromoted") || reason.equals("StepsCompleted") ? NOTHING : looked();
    }

    private String looked() {
        return "it is looked at every " + rollout.interval().toSeconds() + " s";
    }

    private static boolean isExposed(RateLimitRolloutStatus status) {
        return isIn(status, Phase.PROGRESSING) || isIn(status, Phase.BAKING);
    }

    private static boolean isRolledBack(RateLimitRolloutStatus status) {
        return isIn(status, Phase.ROLLED_BACK);
    }

    private static boolean isIn(RateLimitRolloutStatus status, Phase phase) {
        return phase.text().equals(status.phase());
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
