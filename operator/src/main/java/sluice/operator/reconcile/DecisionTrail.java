package sluice.operator.reconcile;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.DecisionStatus;
import sluice.operator.api.v1alpha1.PastDecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.rollout.Command;
import sluice.operator.rollout.CommandNote;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.HoldReason;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Order;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Verb;

/** Writes down which decisions were taken, on what evidence and for whom, for people to read. No decision depends on it. */
final class DecisionTrail {

    /** Status stays small; the decisions of two or three attempts fit. */
    static final int MAX = 24;

    private static final String HOLD = "Hold";

    /** What lasts longer than the step that it was said in. */
    private static final Set<Order> STANDING = EnumSet.of(Order.PAUSED, Order.APPROVED, Order.HOLD_SKIPPED, Order.FULL);

    private final RolloutPlan plan;
    private final RolloutState from;
    private final Evaluation evaluation;

    private DecisionTrail(RolloutPlan plan, RolloutState from, Evaluation evaluation) {
        this.plan = plan;
        this.from = from;
        this.evaluation = evaluation;
    }

    /**
     * The status with the decisions of the one before, newest first, and its own if that is another one.
     *
     * @param from the state that was decided on
     */
    static RateLimitRolloutStatus in(
            RateLimitRolloutStatus status,
            @Nullable RateLimitRolloutStatus before,
            RolloutPlan plan,
            RolloutState from,
            Evaluation evaluation) {
        var written = Optional.ofNullable(before);
        var past =
                new ArrayList<>(written.map(RateLimitRolloutStatus::decisions).orElse(List.of()));
        var last = status.lastDecision();
        var known = written.map(RateLimitRolloutStatus::lastDecision)
                .filter(old -> last != null && isSame(old, last))
                .isPresent();
        if (last != null && !known && !isRoutine(evaluation.decision())) {
            past.addFirst(new DecisionTrail(plan, from, evaluation).entry(last, status));
            shorten(past);
        }
        return past.isEmpty()
                ? status
                : StatusEdit.of(status).put("decisions", past).done();
    }

    /** A decision keeps its time as long as it stays the same, whatever its message says. */
    private static boolean isSame(DecisionStatus old, DecisionStatus last) {
        return Objects.equals(old.at(), last.at())
                && Objects.equals(old.name(), last.name())
                && Objects.equals(old.reason(), last.reason());
    }

    private static boolean isRoutine(Decision decision) {
        return decision instanceof Decision.Hold hold && hold.kind().isRoutine();
    }

    /** Holds come and go; what became of an attempt is worth more. */
    private static void shorten(List<PastDecisionStatus> past) {
        while (past.size() > MAX) {
            var oldestHold = past.size() - 1;
            while (oldestHold >= 0 && !HOLD.equals(past.get(oldestHold).name())) {
                oldestHold--;
            }
            past.remove(oldestHold < 0 ? past.size() - 1 : oldestHold);
        }
    }

    private PastDecisionStatus entry(DecisionStatus last, RateLimitRolloutStatus status) {
        var grounds = Grounds.of(plan.stopLoss(), evaluation);
        return new PastDecisionStatus(
                last.at(),
                last.name(),
                last.reason(),
                last.message(),
                by().orElse(null),
                evaluation
                        .next()
                        .candidate()
                        .map(Limiter::revision)
                        .orElse(plan.candidate().revision()),
                status.weight(),
                grounds.map(Grounds::signal).orElse(null),
                grounds.map(Grounds::scope).orElse(null),
                grounds.map(Grounds::value).orElse(null),
                grounds.map(Grounds::threshold).orElse(null),
                grounds.map(Grounds::window).orElse(null),
                grounds.map(Grounds::samples)
                        .filter(samples -> !samples.isEmpty())
                        .orElse(null));
    }

    private Optional<String> by() {
        return evaluation
                .next()
                .orders()
                .last()
                .filter(note -> note.outcome() == CommandNote.Outcome.DONE)
                .filter(note ->
                        Command.parse(note.text()) instanceof Command.Given given && causes().contains(given.verb()))
                .filter(note -> isNew(note) || stillHolds())
                .map(CommandNote::text);
    }

    /** The verbs that can have led to the decision. */
    private Set<Verb> causes() {
        return switch (evaluation.decision()) {
            case Decision.Hold hold when hold.kind() == HoldReason.PAUSED -> EnumSet.of(Verb.PAUSE);
            case Decision.RollBack back when back.reason() instanceof RollbackReason.Aborted -> EnumSet.of(Verb.ABORT);
            case Decision.Accept _ -> EnumSet.of(Verb.RETRY);
            case Decision.Start _, Decision.Advance _, Decision.Promote _ ->
                EnumSet.of(Verb.PROMOTE, Verb.PROMOTE_FULL, Verb.SKIP_HOLD);
            default -> Set.of();
        };
    }

    private boolean isNew(CommandNote note) {
        return !from.orders().last().equals(Optional.of(note));
    }

    private boolean stillHolds() {
        return from.orders().standing().stream().anyMatch(STANDING::contains);
    }
}
