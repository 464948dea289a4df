package sluice.operator.rollout;

import java.math.BigDecimal;
import java.math.MathContext;

/** Findings and reasons in words. */
public final class Sentences {
    private Sentences() {}

    /** {@code ErrorRatio (candidate)}. */
    public static String name(Finding finding) {
        return name(finding.signal(), finding.scope());
    }

    /** {@code ErrorRatio (candidate) 0.024 >= 0.01}. */
    public static String of(Finding finding) {
        String value = finding.value().isPresent() ? figure(finding.value().getAsDouble()) : "?";
        return name(finding) + " " + value + (finding.isBreach() ? " >= " : " of ") + figure(finding.threshold());
    }

    /** Why a rollout goes back. */
    public static String of(RollbackReason reason) {
        return switch (reason) {
            case RollbackReason.StopLossBroken(Breach breach) ->
                "%s was %s, at or over %s for %d s"
                        .formatted(
                                name(breach.signal(), breach.scope()),
                                figure(breach.value()),
                                figure(breach.threshold()),
                                breach.window().toSeconds());
            case RollbackReason.NoData noData ->
                "data have been missing since " + noData.missingSince() + ": " + noData.why();
            case RollbackReason.Aborted _ -> "somebody aborted it";
            case RollbackReason.HookFailed hook -> hook.why();
            case RollbackReason.ProgressDeadline late -> "no progress since " + late.stalledSince() + ": " + late.why();
        };
    }

    private static String name(Signal signal, Scope scope) {
        return signal.text() + " (" + scope.text() + ")";
    }

    /** Three digits of a value. */
    public static String figure(double value) {
        return new BigDecimal(value, new MathContext(3)).stripTrailingZeros().toPlainString();
    }
}
