package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.HoldReason;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.Rollback;
import sluice.operator.rollout.RollbackProof;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sentences;
import sluice.operator.rollout.Verdict;

/**
 * The conditions of a rollout. {@code Ready}, {@code Reconciling} and {@code Stalled} are as kstatus reads them:
 * https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
final class Conditions {

    private static final String TRUE = "True";
    private static final String FALSE = "False";
    private static final String UNKNOWN = "Unknown";
    private static final int LONGEST_MESSAGE = 1000;

    private final Observed observed;
    private final Evaluation evaluation;
    private final RolloutState next;
    private final ConditionList list;

    private Conditions(Observed observed, Evaluation evaluation, ConditionList list) {
        this.observed = observed;
        this.evaluation = evaluation;
        this.next = evaluation.next();
        this.list = list;
    }

    /** What holds after the evaluation; a condition keeps its time while its status stays. */
    static List<Condition> of(Observed observed, Evaluation evaluation, Instant now) {
        var conditions = new Conditions(observed, evaluation, new ConditionList(observed.rollout(), now));
        conditions.ready();
        conditions.stalled();
        conditions.progressing();
        conditions.sidecarsInSync();
        conditions.signalsAvailable();
        conditions.rollbackVerified();
        return conditions.list.conditions;
    }

    /** For a resource that cannot be worked with. */
    static List<Condition> invalid(sluice.operator.api.v1alpha1.RateLimitRollout rollout, String why, Instant now) {
        var list = new ConditionList(rollout, now);
        list.add("Ready", FALSE, "InvalidSpec", why);
        list.add("Reconciling", FALSE, "InvalidSpec", why);
        list.add("Stalled", TRUE, "InvalidSpec", why);
        return list.conditions;
    }

    private void ready() {
        switch (next.progress()) {
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
        list.add("Reconciling", under ? TRUE : FALSE, phase(), message());
        stall.ifPresentOrElse(
                why -> list.add("Stalled", TRUE, why.reason(), why.message()),
                () -> list.add("Stalled", FALSE, "NotStalled", "nothing needs attention"));
    }

    private record Stall(String reason, String message) {}

    /** What goes on only when somebody changes something. */
    private Optional<Stall> stall() {
        if (next.progress() instanceof Progress.RolledBack(var candidate, Rollback rollback)
                && rollback.reason().latches()) {
            return Optional.of(new Stall(
                    reason(rollback),
                    sentence(rollback) + "; revision " + candidate.revision()
                            + " is not tried again until spec.limiter changes"));
        }
        return hold(HoldReason.BLOCKED)
                .or(() -> hold(HoldReason.SERVICE_BREACHING))
                .map(hold -> new Stall(hold.reason(), hold.message()));
    }

    private boolean isUnderWay() {
        return switch (next.progress()) {
            case Progress.Pending _, Progress.Running _, Progress.RollingBack _ -> true;
            case Progress.Promoted _, Progress.RolledBack _ -> false;
        };
    }

    private void progressing() {
        if (!(next.progress() instanceof Progress.Running)) {
            list.add("Progressing", FALSE, phase(), message());
        } else if (evaluation.decision() instanceof Decision.Hold hold && !isExpected(hold.kind())) {
            list.add("Progressing", FALSE, hold.reason(), hold.message());
        } else {
            list.add("Progressing", TRUE, phase(), message());
        }
    }

    private boolean isExpected(HoldReason kind) {
        return kind == HoldReason.OBSERVING
                || kind == HoldReason.HOLDING
                || (kind == HoldReason.SIDECARS_NOT_READY && next.progress() instanceof Progress.Injecting);
    }

    private void sidecarsInSync() {
        var census = observed.census();
        var sidecars = census.sidecars();
        if (!census.withoutSidecar().isEmpty()) {
            list.add(
                    "SidecarsInSync",
                    FALSE,
                    "PodsWithoutSidecar",
                    "these pods ask for a sidecar and have none, so the webhook was not asked or could not inject; delete them to try again: "
                            + census.withoutSidecar());
        } else if (!census.refusals().isEmpty()) {
            list.add("SidecarsInSync", FALSE, "ConfigRefused", String.join("; ", census.refusals()));
        } else if (!next.injectionWanted()) {
            list.add("SidecarsInSync", UNKNOWN, "NotInjected", "no sidecars are wanted");
        } else if (sidecars.ready() && next.epoch() == observed.state().epoch()) {
            list.add("SidecarsInSync", TRUE, "Acknowledged", sidecars.toString());
        } else {
            list.add("SidecarsInSync", FALSE, "AwaitingSidecars", sidecars.toString());
        }
    }

    private void signalsAvailable() {
        if (!observed.watched()) {
            list.add("SignalsAvailable", UNKNOWN, "NotWatched", "nothing is decided by signals in phase " + phase());
            return;
        }
        if (observed.state().progress() instanceof Progress.Injecting) {
            list.add("SignalsAvailable", UNKNOWN, "NotWatched", "sidecars are being put in place");
            return;
        }
        var missing = hold(HoldReason.NO_DATA).map(Decision.Hold::message).or(this::unknownFinding);
        if (missing.isPresent()) {
            list.add("SignalsAvailable", FALSE, "NoData", missing.get());
        } else {
            hold(HoldReason.NO_TRAFFIC)
                    .ifPresentOrElse(
                            hold -> list.add("SignalsAvailable", TRUE, "NoTraffic", hold.message()),
                            () -> list.add("SignalsAvailable", TRUE, "Available", worst()));
        }
    }

    private Optional<String> unknownFinding() {
        return evaluation.findings().stream()
                .filter(finding -> finding.verdict() instanceof Verdict.Unknown)
                .map(finding -> Sentences.name(finding) + ": " + ((Verdict.Unknown) finding.verdict()).why())
                .findFirst();
    }

    private String worst() {
        return evaluation.findings().stream()
                .findFirst()
                .map((Finding finding) -> "worst: " + Sentences.of(finding))
                .orElse("every signal has a value");
    }

    /** Zero connected sidecars prove nothing: only acknowledgements of every injected pod do. */
    private void rollbackVerified() {
        switch (next.progress()) {
            case Progress.RollingBack _ ->
                list.add(
                        "RollbackVerified",
                        UNKNOWN,
                        "AwaitingSidecars",
                        observed.census().sidecars().toString());
            case Progress.RolledBack back -> verified(back.rollback().finish());
            case Progress.Pending _, Progress.Promoted _, Progress.Running _ -> {}
        }
    }

    private void verified(Optional<Rollback.Finish> finish) {
        var proof = finish.map(Rollback.Finish::proof).orElse(RollbackProof.LEASE_EXPIRED);
        var acknowledged = proof == RollbackProof.ACKNOWLEDGED;
        list.add(
                "RollbackVerified",
                acknowledged ? TRUE : UNKNOWN,
                proof.text(),
                acknowledged
                        ? "every injected pod acknowledged weight 0"
                        : "no sidecar said so itself: " + proof.text());
    }

    private Optional<Decision.Hold> hold(HoldReason kind) {
        return evaluation.decision() instanceof Decision.Hold hold && hold.kind() == kind
                ? Optional.of(hold)
                : Optional.empty();
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

    /** Conditions being collected. */
    private static final class ConditionList {

        private final List<Condition> conditions = new ArrayList<>();
        private final List<Condition> before;
        private final @Nullable Long generation;
        private final String now;

        ConditionList(sluice.operator.api.v1alpha1.RateLimitRollout rollout, Instant now) {
            var status = rollout.getStatus();
            this.before = status == null || status.conditions() == null ? List.of() : status.conditions();
            this.generation = rollout.getMetadata().getGeneration();
            // Conditions have whole seconds:
            // https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/time.go
            this.now = now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
        }

        void add(String type, String status, String reason, String message) {
            conditions.add(new ConditionBuilder()
                    .withType(type)
                    .withStatus(status)
                    .withReason(reason)
                    .withMessage(message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message)
                    .withObservedGeneration(generation)
                    .withLastTransitionTime(since(type, status))
                    .build());
        }

        private String since(String type, String status) {
            return before.stream()
                    .filter(each -> type.equals(each.getType()) && status.equals(each.getStatus()))
                    .map(Condition::getLastTransitionTime)
                    .filter(time -> time != null)
                    .findFirst()
                    .orElse(now);
        }
    }
}
