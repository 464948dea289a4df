package sluice.operator.reconcile;

import java.util.List;
import java.util.Locale;
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
    private static final int MOST_NAMES = 10;

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
        uninterrupted();
        HookCondition.add(next.hooks(), observed.observation(), list);
    }

    private void sidecarsInSync() {
        var census = observed.census();
        var sidecars = census.sidecars();
        if (!census.withoutSidecar().isEmpty()) {
            list.add("SidecarsInSync", FALSE, "PodsWithoutSidecar", withoutSidecar(census.withoutSidecar()));
        } else if (!census.refusals().isEmpty()) {
            list.add("SidecarsInSync", FALSE, "ConfigRefused", String.join("; ", census.refusals()));
        } else if (!next.injectionWanted()) {
            list.add("SidecarsInSync", UNKNOWN, "NotInjected", "no sidecars are wanted");
        } else if (sidecars.ready() && next.epoch() == observed.state().epoch()) {
            list.add("SidecarsInSync", TRUE, "Acknowledged", sidecars + olderImage());
        } else {
            list.add("SidecarsInSync", FALSE, "AwaitingSidecars", sidecars + heldBack());
        }
    }

    private String withoutSidecar(List<String> pods) {
        return "these pods ask for a sidecar and have none, because the webhook was not reached or could not inject (the operator's log says why);"
                + " make them anew: " + deletion(pods);
    }

    /** Nobody may delete pods unasked: the command is ready to be typed. */
    private String deletion(List<String> pods) {
        return "kubectl delete pod --namespace %s %s"
                        .formatted(
                                observed.key().namespace(),
                                String.join(" ", pods.subList(0, Math.min(pods.size(), MOST_NAMES))))
                + (pods.size() > MOST_NAMES ? " (and %d more)".formatted(pods.size() - MOST_NAMES) : "");
    }

    private String heldBack() {
        return observed.target()
                .map(Target::replacement)
                .filter(replacement -> !replacement.complete())
                .map(replacement -> "; " + replacement.message())
                .orElse("");
    }

    private String olderImage() {
        var others = observed.census().images().stream()
                .filter(image -> !image.equals(observed.sidecarImage()))
                .sorted()
                .toList();
        return others.isEmpty()
                ? ""
                : "; sidecars run %s and the operator's image is %s, which comes with the next rollout, or by: kubectl rollout restart --namespace %s %s/%s"
                        .formatted(
                                others,
                                observed.sidecarImage(),
                                observed.key().namespace(),
                                observed.rollout()
                                        .getSpec()
                                        .targetRef()
                                        .kind()
                                        .text()
                                        .toLowerCase(Locale.ROOT),
                                observed.rollout().getSpec().targetRef().name());
    }

    /** Only said of a target that is there; a blocker says when it is not. */
    private void uninterrupted() {
        observed.target().ifPresent(target -> {
            var stuck = observed.census().stuck();
            var replacement = target.replacement();
            if (replacement.waitsForReady() && !stuck.isEmpty()) {
                list.add(
                        "Uninterrupted",
                        FALSE,
                        "PodsStuck",
                        "the StatefulSet replaces no pod while one is not ready, and these are not, which are to be replaced; those that cannot become ready delete by: "
                                + deletion(stuck));
            } else {
                list.add(
                        "Uninterrupted",
                        replacement.uninterrupted() ? TRUE : FALSE,
                        replacement.reason(),
                        replacement.message());
            }
        });
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
            case Progress.RollingBack back ->
                list.add(
                        "RollbackVerified",
                        UNKNOWN,
                        "AwaitingSidecars",
                        observed.census().sidecars()
                                + (next.injectionWanted() ? "" : heldBack())
                                + "; "
                                + bound(back.rollback()));
            case Progress.RolledBack back -> verified(back.rollback().finish());
            case Progress.Pending _, Progress.Promoted _, Progress.Running _ -> {}
        }
    }

    /** How long a sidecar that has not said so may use the candidate. */
    private String bound(Rollback rollback) {
        return rollback.afterPromotion()
                ? "a sidecar without contact keeps what was promoted until its next contact"
                : "a sidecar without contact is back by itself %d s after its last heartbeat (spec.stopLoss.deadManSwitch)"
                        .formatted(observed.plan().stopLoss().deadManSwitch().toSeconds());
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
