package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** When to turn back. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!self.interval.matches(" + Cel.DURATION + ") || self.rules.all(r, !r.__for__.matches(" + Cel.DURATION
                + ") || duration(r.__for__) >= duration(self.interval))",
        fieldPath = ".rules",
        message = "spec.stopLoss.rules: each for must be at least spec.stopLoss.interval; raise it")
@ValidationRule(
        value = "!self.interval.matches(" + Cel.DURATION + ") || !self.deadManSwitch.matches(" + Cel.DURATION
                + ") || duration(self.deadManSwitch) >= duration(self.interval) + duration(self.interval)",
        fieldPath = ".deadManSwitch",
        message = "spec.stopLoss.deadManSwitch: must be at least twice spec.stopLoss.interval,"
                + " or one late evaluation ends the canary; raise it")
public record StopLoss(
        @JsonPropertyDescription(
                "The Prometheus to ask: the name of a provider in the operator's configuration, never a URL.")
        @Default(StopLoss.DEFAULT_PROMETHEUS)
        @Size(min = 1, max = 63)
        @ValidationRule(
                value = Cel.IS_DNS_LABEL,
                message =
                        "must be the name of a provider in the operator's configuration, such as default, not an address")
        String prometheus,

        @JsonPropertyDescription("How often the rules are evaluated, 1s to 5m.")
        @Default(StopLoss.DEFAULT_INTERVAL)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1s') && duration(self) <= duration('5m')",
                message = Cel.DURATION_HELP + "1s to 5m")
        String interval,

        @JsonPropertyDescription(
                "The rules. Any that is broken brings the stable limiter back to everyone. The default has"
                        + " all four built-in signals.")
        @Default(StopLossRule.DEFAULT_RULES)
        @Size(min = 1, max = 10)
        @ValidationRule(
                value = "self.all(r, " + Cel.NAMELESS_QUERY + " || self.exists_one(s, " + Cel.SAME_SIGNAL + "))",
                message = "each signal, and each name of a Query, may have one rule; remove the repeated one")
        List<StopLossRule> rules,

        @JsonPropertyDescription("What missing data does.") @Default("{}")
        NoData noData,

        @JsonPropertyDescription(
                "How long the rollout may go without progress (injection, missing sidecars, no traffic in"
                        + " the candidate arm) before it is stalled and goes back, 1s to 720h.")
        @Default(StopLoss.DEFAULT_PROGRESS_DEADLINE)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1s') && duration(self) <= duration('720h')",
                message = Cel.DURATION_HELP + "1s to 720h")
        String progressDeadline,

        @JsonPropertyDescription(
                "How long a sidecar keeps the candidate without a sign that the operator is watching, 10s"
                        + " to 24h; then it returns to the stable limiter by itself.")
        @Default(StopLoss.DEFAULT_DEAD_MAN_SWITCH)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('10s') && duration(self) <= duration('24h')",
                message = Cel.DURATION_HELP + "10s to 24h")
        String deadManSwitch,

        @JsonPropertyDescription(
                "How long a broken rule still takes everybody back to the limiter before the promotion, 0s to 720h; 0s for"
                        + " not at all. Missing data then only alert.")
        @Default(StopLoss.DEFAULT_ARMED_AFTER_PROMOTION)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) <= duration('720h')",
                message = Cel.DURATION_HELP + "0s to 720h")
        String armedAfterPromotion) {

    static final String DEFAULT_PROMETHEUS = "default";
    static final String DEFAULT_INTERVAL = "10s";
    static final String DEFAULT_PROGRESS_DEADLINE = "30m";
    static final String DEFAULT_DEAD_MAN_SWITCH = "2m";
    static final String DEFAULT_ARMED_AFTER_PROMOTION = "24h";

    public StopLoss {
        prometheus = requireNonNullElse(prometheus, DEFAULT_PROMETHEUS);
        interval = requireNonNullElse(interval, DEFAULT_INTERVAL);
        rules = List.copyOf(requireNonNullElseGet(rules, StopLossRule::defaults));
        noData = requireNonNullElseGet(noData, NoData::defaults);
        progressDeadline = requireNonNullElse(progressDeadline, DEFAULT_PROGRESS_DEADLINE);
        deadManSwitch = requireNonNullElse(deadManSwitch, DEFAULT_DEAD_MAN_SWITCH);
        armedAfterPromotion = requireNonNullElse(armedAfterPromotion, DEFAULT_ARMED_AFTER_PROMOTION);
    }

    static StopLoss defaults() {
        return new StopLoss(
                DEFAULT_PROMETHEUS,
                DEFAULT_INTERVAL,
                StopLossRule.defaults(),
                NoData.defaults(),
                DEFAULT_PROGRESS_DEADLINE,
                DEFAULT_DEAD_MAN_SWITCH,
                DEFAULT_ARMED_AFTER_PROMOTION);
    }
}
