package sluice.operator.reconcile;

import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.SignalStatus;
import sluice.operator.rollout.Breach;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.Verdict;

/** Writes a rule's verdict down; it is never read back, because each evaluation judges anew. */
final class FindingMapping {
    private FindingMapping() {}

    static SignalStatus toStatus(Finding finding) {
        return new SignalStatus(
                finding.signal().text(),
                finding.scope().text(),
                finding.value().isPresent() ? StatusText.of(finding.value().getAsDouble()) : null,
                StatusText.of(finding.threshold()),
                finding.verdict().text(),
                breachingSince(finding.verdict()),
                finding.verdict() instanceof Verdict.Unknown(String why) ? why : null);
    }

    private static @Nullable String breachingSince(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Breaching breaching -> StatusText.of(breaching.since());
            case Verdict.Broken(Breach breach) -> StatusText.of(breach.firstBreachingSample());
            case Verdict.Healthy _, Verdict.NoTraffic _, Verdict.Unknown _ -> null;
        };
    }
}
