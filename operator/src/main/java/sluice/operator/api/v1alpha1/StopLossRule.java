package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One signal, how bad it may be, and for how long. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!(self.signal in ['ErrorRatio', 'ThrottledRatio']) || (has(self.threshold) && self.threshold.matches("
                + Cel.DECIMAL + ") && double(self.threshold) > 0.0 && double(self.threshold) <= 1.0)",
        fieldPath = ".threshold",
        message = "spec.stopLoss.rules[].threshold: ErrorRatio and ThrottledRatio need a decimal above 0 and at most 1,"
                + " in quotes, such as \"0.01\"")
@ValidationRule(
        value = "self.signal != 'LatencyP95' || (has(self.threshold) && self.threshold.matches(" + Cel.DURATION
                + ") && duration(self.threshold) >= duration('1ms') && duration(self.threshold) <= duration('1h'))",
        fieldPath = ".threshold",
        message = "spec.stopLoss.rules[].threshold: LatencyP95 needs a duration from 1ms to 1h, such as 300ms")
@ValidationRule(
        value = "self.signal != 'AuthFailures' || !has(self.threshold)",
        fieldPath = ".threshold",
        message = "spec.stopLoss.rules[].threshold: AuthFailures is compared with its baseline;"
                + " remove threshold and set timesBaseline, minimum and baselineWindow")
@ValidationRule(
        value = "self.signal != 'AuthFailures' || (has(self.timesBaseline) && has(self.minimum)"
                + " && has(self.baselineWindow))",
        message =
                "spec.stopLoss.rules[]: AuthFailures needs timesBaseline (\"3\"), minimum (\"0.005\") and baselineWindow (1h)")
@ValidationRule(
        value = "self.signal == 'AuthFailures'"
                + " || !(has(self.timesBaseline) || has(self.minimum) || has(self.baselineWindow))",
        message =
                "spec.stopLoss.rules[]: timesBaseline, minimum and baselineWindow belong to AuthFailures; remove them")
@ValidationRule(
        value = "self.signal != 'Query' || (has(self.threshold) && self.threshold.matches(" + Cel.DECIMAL
                + ") && double(self.threshold) > 0.0)",
        fieldPath = ".threshold",
        message = "spec.stopLoss.rules[].threshold: Query needs a decimal above 0, in quotes, such as \"5\"")
@ValidationRule(
        value = "self.signal != 'Query' || has(self.name)",
        fieldPath = ".name",
        message = "spec.stopLoss.rules[].name: " + Cel.QUERY_NEEDS_NAME)
@ValidationRule(
        value = "self.signal != 'Query' || has(self.query)",
        fieldPath = ".query",
        message = "spec.stopLoss.rules[].query: Query needs its PromQL, which must give one series; add it")
@ValidationRule(
        value = "self.signal == 'Query' || !has(self.name)",
        fieldPath = ".name",
        message = "spec.stopLoss.rules[].name" + Cel.BELONGS_TO_QUERY)
@ValidationRule(
        value = "self.signal == 'Query' || !has(self.query)",
        fieldPath = ".query",
        message = "spec.stopLoss.rules[].query" + Cel.BELONGS_TO_QUERY)
public record StopLossRule(
        @JsonPropertyDescription(
                "ErrorRatio: the share of 5xx. LatencyP95: the 95th percentile of latency. AuthFailures: the"
                        + " share of requests that failed authentication, against its baseline. ThrottledRatio: the share of"
                        + " requests the limiter rejects, candidate minus stable. Query: one's own PromQL about the whole"
                        + " service, where the operator's owner allows it.")
        @Required
        SignalName signal,

        @JsonPropertyDescription("The value at which the rule counts as breached: a decimal in quotes for ErrorRatio,"
                + " ThrottledRatio and Query, a duration for LatencyP95.")
        @Size(max = Cel.DURATION_LENGTH)
        @Nullable
        String threshold,

        @JsonPropertyDescription(
                "AuthFailures: how many times its baseline breaches the rule, a decimal in quotes above 1.")
        @Size(max = Cel.DECIMAL_LENGTH)
        @ValidationRule(
                value = "self.matches(" + Cel.DECIMAL + ") && double(self) > 1.0 && double(self) <= 1000.0",
                message = "must be a decimal above 1 and at most 1000, in quotes, such as \"3\"")
        @Nullable
        String timesBaseline,

        @JsonPropertyDescription(
                "AuthFailures: the share below which it is never a breach, a decimal in quotes, so that"
                        + " three times nothing is not one.")
        @Size(max = Cel.DECIMAL_LENGTH)
        @ValidationRule(
                value = "self.matches(" + Cel.DECIMAL + ") && double(self) > 0.0 && double(self) <= 1.0",
                message = "must be a decimal above 0 and at most 1, in quotes, such as \"0.005\"")
        @Nullable
        String minimum,

        @JsonPropertyDescription(
                "AuthFailures: the time before the rollout over which the baseline is taken, 1s to 168h.")
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1s') && duration(self) <= duration('168h')",
                message = Cel.DURATION_HELP + "1s to 168h")
        @Nullable
        String baselineWindow,

        @JsonProperty("for")
        @JsonPropertyDescription(
                "How long every sample must be at or over the threshold before the rule is broken, 1s to" + " 24h.")
        @Required
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1s') && duration(self) <= duration('24h')",
                message = Cel.DURATION_HELP + "1s to 24h")
        String window,

        @JsonPropertyDescription("Query: what it is called in status and messages, lower-case letters, digits and '-'.")
        @Size(min = 1, max = Cel.QUERY_NAME_LENGTH)
        @ValidationRule(value = Cel.IS_DNS_LABEL, message = Cel.DNS_LABEL_HELP)
        @Nullable
        String name,

        @JsonPropertyDescription("Query: the PromQL. It must give exactly one series of finite numbers at all times, in"
                + " the threshold's unit; anything else is missing data.")
        @Size(min = 1, max = Cel.QUERY_LENGTH)
        @Nullable
        String query) {

    static final String DEFAULT_RULES = """
            - {signal: ErrorRatio, threshold: "0.01", for: 5m}
            - {signal: LatencyP95, threshold: 300ms, for: 5m}
            - {signal: AuthFailures, timesBaseline: "3", minimum: "0.005", baselineWindow: 1h, for: 5m}
            - {signal: ThrottledRatio, threshold: "0.05", for: 2m}
            """;

    /** A rule that compares a signal with a fixed threshold. */
    public static StopLossRule threshold(SignalName signal, String threshold, String window) {
        return new StopLossRule(signal, threshold, null, null, null, window, null, null);
    }

    /** The rule that compares authentication failures with their baseline. */
    public static StopLossRule authFailures(
            String timesBaseline, String minimum, String baselineWindow, String window) {
        return new StopLossRule(
                SignalName.AUTH_FAILURES, null, timesBaseline, minimum, baselineWindow, window, null, null);
    }

    static List<StopLossRule> defaults() {
        return List.of(
                threshold(SignalName.ERROR_RATIO, "0.01", "5m"),
                threshold(SignalName.LATENCY_P95, "300ms", "5m"),
                authFailures("3", "0.005", "1h", "5m"),
                threshold(SignalName.THROTTLED_RATIO, "0.05", "2m"));
    }
}
