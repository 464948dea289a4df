package sluice.operator.rollout;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Freezes what the service shows now, or says why that cannot be done yet. */
sealed interface BaselineChoice {
    /** Every signal that needs one has a value. */
    record Frozen(Baseline baseline) implements BaselineChoice {}

    /** A signal that needs one has none. */
    record NotYet(Decision.Hold hold) implements BaselineChoice {}

    static BaselineChoice of(RolloutPlan plan, Signals signals, Instant now) {
        Map<Signal, Double> values = new HashMap<>();
        for (StopLossRule rule : plan.stopLoss().rules()) {
            if (rule.threshold() instanceof Threshold.TimesBaseline) {
                switch (signals.baseline(rule.signal())) {
                    case Reading.Value value ->
                        values.put(rule.signal(), value.samples().last().value());
                    case Reading.NoTraffic _ -> {
                        return notYet(HoldReason.NO_TRAFFIC, rule, "there were no requests");
                    }
                    case Reading.Missing missing -> {
                        return notYet(HoldReason.NO_DATA, rule, missing.why());
                    }
                }
            }
        }
        return new Frozen(new Baseline(values, now));
    }

    private static NotYet notYet(HoldReason kind, StopLossRule rule, String why) {
        return new NotYet(Evidence.hold(kind, "baseline of " + rule.signal().text() + ": " + why));
    }
}
