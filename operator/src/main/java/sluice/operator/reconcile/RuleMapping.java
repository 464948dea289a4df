package sluice.operator.reconcile;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.Comparison;
import sluice.operator.api.v1alpha1.Gate;
import sluice.operator.api.v1alpha1.KubernetesDuration;
import sluice.operator.api.v1alpha1.SignalName;
import sluice.operator.api.v1alpha1.StopLossRule;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.Threshold;

/** One stop-loss rule. */
final class RuleMapping {
    private static final Duration BASELINE_WINDOW = Duration.ofHours(1);

    private RuleMapping() {}

    static sluice.operator.rollout.StopLossRule toRule(StopLossRule rule, QueryNames queries) {
        Signal signal =
                rule.signal() == SignalName.QUERY ? queries.ofRule(rule.name(), rule.query()) : builtIn(rule.signal());
        return new sluice.operator.rollout.StopLossRule(
                signal, threshold(signal, rule), KubernetesDuration.parse(PlanMapping.given("for", rule.window())));
    }

    static sluice.operator.rollout.Gate toGate(Gate gate, QueryNames queries) {
        Signal signal =
                gate.signal() == SignalName.QUERY ? queries.ofGate(gate.name(), gate.query()) : builtIn(gate.signal());
        String max = PlanMapping.given("max", gate.max());
        double most = signal.equals(Signal.LATENCY_P95) ? value(signal, "max", max) : parse("max", max);
        return new sluice.operator.rollout.Gate(signal, most);
    }

    static sluice.operator.rollout.Comparison toComparison(Comparison comparison) {
        return new sluice.operator.rollout.Comparison(
                parse("margin", comparison.margin()), parse("confidence", comparison.confidence()));
    }

    private static Signal builtIn(@Nullable SignalName name) {
        return switch (PlanMapping.given("signal", name)) {
            case ERROR_RATIO -> Signal.ERROR_RATIO;
            case LATENCY_P95 -> Signal.LATENCY_P95;
            case AUTH_FAILURES -> Signal.AUTH_FAILURES;
            case THROTTLED_RATIO -> Signal.THROTTLED_RATIO;
            case QUERY -> throw new IllegalArgumentException("signal: Query has a name of its own");
        };
    }

    private static Threshold threshold(Signal signal, StopLossRule rule) {
        String times = rule.timesBaseline();
        if (times == null) {
            return new Threshold.Fixed(value(signal, "threshold", rule.threshold()));
        }
        if (signal instanceof Signal.Query) {
            throw new IllegalArgumentException("timesBaseline: Query has no baseline; set threshold instead");
        }
        String minimum = rule.minimum();
        return new Threshold.TimesBaseline(
                decimal("timesBaseline", times),
                minimum == null ? 0 : value(signal, "minimum", minimum),
                Optional.ofNullable(rule.baselineWindow())
                        .map(KubernetesDuration::parse)
                        .orElse(BASELINE_WINDOW));
    }

    /** A value in the signal's unit: latencies are written as durations and meant in seconds. */
    private static double value(Signal signal, String field, @Nullable String text) {
        String given = PlanMapping.given(field, text);
        if (!signal.equals(Signal.LATENCY_P95)) {
            return decimal(field, given);
        }
        Duration latency = PlanMapping.positive(field, given);
        return BigDecimal.valueOf(latency.toMillis(), 3).doubleValue();
    }

    private static double decimal(String field, String text) {
        double value = parse(field, text);
        if (value <= 0 || !Double.isFinite(value)) {
            throw new IllegalArgumentException(field + ": must be a decimal above 0, such as \"0.01\"");
        }
        return value;
    }

    private static double parse(String field, String text) {
        try {
            return new BigDecimal(text).doubleValue();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(field + ": must be a decimal, such as \"0.01\"", e);
        }
    }
}
