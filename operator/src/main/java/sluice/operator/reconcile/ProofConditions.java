package sluice.operator.reconcile;

import java.util.Optional;
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

/** The conditions that say what is known: of the sidecars, of the signals, and of a rollback. */
final class ProofConditions {

    private static final String TRUE = "True";
    private static final String FALSE = "False";
    private static final String UNKNOWN = "Unknown";

    private final Observed observed;
    private final Evaluation evaluation;
    private final RolloutState next;
    private final ConditionList list;

    ProofConditions(Observed observed, Evaluation evaluation, ConditionList list) {
        this.observed = observed;
        this.evaluation = evaluation;
        this.next = evaluation.next();
        this.list = list;
    }

    void add() {
        sidecarsInSync();
        signalsAvailable();
        rollbackVerified();
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
            list.add(
                    "SignalsAvailable",
                    UNKNOWN,
                    "NotWatched",
                    "nothing is decided by signals in phase " + next.phase().text());
            return;
        }
        if (observed.state().progress() instanceof Progress.Injecting) {
            list.add("SignalsAvailable", UNKNOWN, "NotWatched", "sidecars are being put in place");
            return;
        }
        var missing = Conditions.hold(evaluation, HoldReason.NO_DATA)
                .map(Decision.Hold::message)
                .or(this::unknownFinding);
        if (missing.isPresent()) {
            list.add("SignalsAvailable", FALSE, "NoData", missing.get());
        } else {
            Conditions.hold(evaluation, HoldReason.NO_TRAFFIC)
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
}
