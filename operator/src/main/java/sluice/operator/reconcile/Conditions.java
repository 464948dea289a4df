package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.HoldReason;
import sluice.operator.rollout.HookRun;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.Rollback;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sentences;

/**
 * The conditions of a rollout. {@code Ready}, {@code Reconciling} and {@code Stalled} are as kstatus reads them:
 * https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
final class Conditions {

    private static final String TRUE = "True";
    private static final String FALSE = "False";
    private static final String INVALID = "InvalidSpec";

    private final Observed observed;
    private final Evaluation evaluation;
    private final RolloutState next;
    private final boolean superseded;
    private final ConditionList list;

    private Conditions(Observed observed, Evaluation evaluation, ConditionList list) {
        this.observed = observed;
        this.evaluation = evaluation;
        this.next = evaluation.next();
        this.superseded = isSuperseded(observed.plan().candidate());
        this.list = list;
    }

    /** What holds after the evaluation; a condition keeps its time while its status stays. */
    static List<Condition> of(Observed observed, Evaluation evaluation, Instant now) {
        var conditions = new Conditions(observed, evaluation, new ConditionList(observed.rollout(), now));
        conditions.ready();
        conditions.stalled();
        conditions.progressing();
        new ProofConditions(observed, evaluation, conditions.list).add();
        return conditions.list.all();
    }

    /** For a resource that cannot be worked with. */
    static List<Condition> invalid(RateLimitRollout rollout, String why, Instant now) {
        var list = new ConditionList(rollout, now);
        list.add("Ready", FALSE, INVALID, why);
        list.add("Reconciling", FALSE, INVALID, why);
        list.add("Stalled", TRUE, INVALID, why);
        return list.all();
    }

    /** Whether status says of the resource, as it is now, that it cannot be worked with. */
    static boolean isInvalid(RateLimitRollout rollout) {
        var status = rollout.getStatus();
        return status != null
                && status.conditions() != null
                && status.conditions().stream()
                        .anyMatch(each -> INVALID.equals(each.getReason())
                                && Objects.equals(
                                        each.getObservedGeneration(),
                                        rollout.getMetadata().getGeneration()));
    }

    /** Whether what is at rest is not what the resource asks for, so that this is still to have its turn. */
    private boolean isSuperseded(Limiter wanted) {
        return switch (next.progress()) {
            case Progress.Promoted _ -> !wanted.revision().equals(next.stable().revision());
            case Progress.RolledBack back ->
                !wanted.revision().equals(back.candidate().revision());
            case Progress.Pending _, Progress.Running _, Progress.RollingBack _ -> false;
        };
    }

    private void ready() {
        switch (next.progress()) {
            case Progress.Promoted _ when superseded -> list.add("Ready", FALSE, place(), message());
            case Progress.Promoted _ ->
                list.add(
                        "Ready",
                        TRUE,
                        "Promoted",
                        "revision %s is the stable limiter"
                                .formatted(next.stable().revision()));
            case Progress.RolledBack back ->
                list.add("Ready", FALSE, reason(back.rollback()), sentence(back.rollback()));
            case Progress.RollingBack back -> list.add("Ready", FALSE, "RollingBack", sentence(back.rollback()));
            case Progress.Pending _, Progress.Running _ -> list.add("Ready", FALSE, phase(), message());
        }
    }

    private void stalled() {
        var stall = stall();
        var under = isUnderWay() && stall.isEmpty();
        list.add("Reconciling", under ? TRUE : FALSE, place(), message());
        stall.ifPresentOrElse(
                why -> list.add("Stalled", TRUE, why.reason(), why.message()),
                () -> list.add("Stalled", FALSE, "NotStalled", "nothing needs attention"));
    }

    private record Stall(String reason, String message) {}

    /** What goes on only when somebody changes something. */
    private Optional<Stall> stall() {
        return failedAfterwards().or(this::latched).or(this::held);
    }

    /** Nothing waits for a hook after the rollout's end, but somebody must hear of its failure as of every other. */
    private Optional<Stall> failedAfterwards() {
        return superseded
                ? Optional.empty()
                : switch (next.progress()) {
                    case Progress.Promoted _ ->
                        failedHook("say retry to run it again, or skip-hook to leave it at that");
                    case Progress.RolledBack _ ->
                        failedHook("say skip-hook to leave it at that, or retry to try the revision again");
                    case Progress.Pending _, Progress.Running _, Progress.RollingBack _ -> Optional.empty();
                };
    }

    private Optional<Stall> failedHook(String advice) {
        return next.hooks().stream()
                .filter(HookRun::hasFailed)
                .findFirst()
                .map(run -> new Stall(HoldReason.HOOK_FAILED.text(), run.sentence() + "; " + advice));
    }

    private Optional<Stall> latched() {
        if (next.progress() instanceof Progress.RolledBack(var candidate, Rollback rollback)
                && !next.startsOver()
                && !superseded) {
            return Optional.of(new Stall(
                    reason(rollback),
                    sentence(rollback) + "; revision " + candidate.revision()
                            + " is not tried again until spec.limiter changes or somebody says retry"));
        }
        return Optional.empty();
    }

    private Optional<Stall> held() {
        return hold(HoldReason.BLOCKED)
                .or(() -> hold(HoldReason.HOOK_FAILED))
                .or(() -> hold(HoldReason.HOOK_REFUSED))
                .or(() -> hold(HoldReason.SERVICE_BREACHING))
                .map(hold -> new Stall(hold.reason(), hold.message()))
                .or(this::keepsItsSidecars);
    }

    /** The sidecars are to go, and the target gives none up by itself. */
    private Optional<Stall> keepsItsSidecars() {
        return observed.target()
                .map(Target::replacement)
                .filter(replacement -> next.progress() instanceof Progress.RollingBack
                        && !next.injectionWanted()
                        && !replacement.complete())
                .map(replacement -> new Stall(replacement.reason(), replacement.message()));
    }

    private boolean isUnderWay() {
        return switch (next.progress()) {
            case Progress.Pending _, Progress.Running _, Progress.RollingBack _ -> true;
            case Progress.Promoted _, Progress.RolledBack _ -> superseded;
        };
    }

    private void progressing() {
        if (!(next.progress() instanceof Progress.Running) && !runsHookBefore()) {
            list.add("Progressing", FALSE, place(), message());
        } else if (evaluation.decision() instanceof Decision.Hold hold && !isExpected(hold.kind())) {
            list.add("Progressing", FALSE, hold.reason(), hold.message());
        } else {
            list.add("Progressing", TRUE, phase(), message());
        }
    }

    /** Whether a hook runs before the rollout: it may take its time, as one in a step may. */
    private boolean runsHookBefore() {
        return next.progress() instanceof Progress.Pending
                && hold(HoldReason.HOOK_RUNNING).isPresent();
    }

    private boolean isExpected(HoldReason kind) {
        return kind == HoldReason.OBSERVING
                || kind == HoldReason.HOLDING
                || kind == HoldReason.HOOK_RUNNING
                || (kind == HoldReason.SIDECARS_NOT_READY && next.progress() instanceof Progress.Injecting);
    }

    private Optional<Decision.Hold> hold(HoldReason kind) {
        return hold(evaluation, kind);
    }

    static Optional<Decision.Hold> hold(Evaluation evaluation, HoldReason kind) {
        return evaluation.decision() instanceof Decision.Hold hold && hold.kind() == kind
                ? Optional.of(hold)
                : Optional.empty();
    }

    /** The phase, or what a limiter waits for that is to follow the one at rest. */
    private String place() {
        return superseded && evaluation.decision() instanceof Decision.Hold hold ? hold.reason() : phase();
    }

    private String phase() {
        return next.phase().text();
    }

    private String message() {
        return next.lastDecision().map(note -> note.message()).orElse(phase());
    }

    private static String reason(Rollback rollback) {
        return rollback.reason().reason();
    }

    private static String sentence(Rollback rollback) {
        return Sentences.of(rollback.reason());
    }
}
