package sluice.operator.reconcile;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.SampleStatus;
import sluice.operator.rollout.Breach;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.rollout.StopLoss;

/** The signal that a decision is explained with, as status writes it. */
record Grounds(
        String signal,
        String scope,
        @Nullable String value,
        String threshold,
        @Nullable String window,
        List<SampleStatus> samples) {

    private static final int MOST_SAMPLES = 5;

    /** The rule that was broken, else the one nearest to it; empty when no signal was looked at. */
    static Optional<Grounds> of(StopLoss stopLoss, Evaluation evaluation) {
        return evaluation.decision()
                        instanceof Decision.RollBack(RollbackReason.StopLossBroken(Breach breach), boolean _)
                ? Optional.of(of(breach))
                : evaluation.findings().stream().findFirst().map(finding -> of(finding, stopLoss));
    }

    private static Grounds of(Breach breach) {
        var all = breach.samples();
        return new Grounds(
                breach.signal().text(),
                breach.scope().text(),
                StatusText.of(breach.value()),
                StatusText.of(breach.threshold()),
                StatusText.of(breach.window()),
                all.subList(Math.max(0, all.size() - MOST_SAMPLES), all.size()).stream()
                        .map(sample -> new SampleStatus(StatusText.of(sample.at()), StatusText.of(sample.value())))
                        .toList());
    }

    private static Grounds of(Finding finding, StopLoss stopLoss) {
        return new Grounds(
                finding.signal().text(),
                finding.scope().text(),
                finding.value().isPresent() ? StatusText.of(finding.value().getAsDouble()) : null,
                StatusText.of(finding.threshold()),
                stopLoss.rules().stream()
                        .filter(rule -> rule.signal().equals(finding.signal()))
                        .findFirst()
                        .map(rule -> StatusText.of(rule.window()))
                        .orElse(null),
                List.of());
    }
}
