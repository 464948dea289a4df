package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What must hold before a step may be left. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!(self.signal in ['ErrorRatio', 'ThrottledRatio', 'AuthFailures']) || (self.max.matches(" + Cel.DECIMAL
                + ") && double(self.max) <= 1.0)",
        fieldPath = ".max",
        message = "spec.gates[].max: ErrorRatio, AuthFailures and ThrottledRatio need a decimal from 0 to 1, in quotes,"
                + " such as \"0.005\"")
@ValidationRule(
        value = "self.signal != 'LatencyP95' || (self.max.matches(" + Cel.DURATION
                + ") && duration(self.max) >= duration('1ms') && duration(self.max) <= duration('1h'))",
        fieldPath = ".max",
        message = "spec.gates[].max: LatencyP95 needs a duration from 1ms to 1h, such as 120ms")
@ValidationRule(
        value = "self.signal != 'Query' || self.max.matches(" + Cel.DECIMAL + ")",
        fieldPath = ".max",
        message = "spec.gates[].max: Query needs a decimal in quotes, such as \"5\"")
@ValidationRule(
        value = "self.signal != 'Query' || has(self.name)",
        fieldPath = ".name",
        message = "spec.gates[].name: " + Cel.QUERY_NEEDS_NAME)
@ValidationRule(
        value = "self.signal == 'Query' || !has(self.name)",
        fieldPath = ".name",
        message = "spec.gates[].name" + Cel.BELONGS_TO_QUERY)
@ValidationRule(
        value = "self.signal == 'Query' || !has(self.query)",
        fieldPath = ".query",
        message = "spec.gates[].query" + Cel.BELONGS_TO_QUERY)
public record Gate(
        @JsonPropertyDescription("The signal to look at.") @Required
        SignalName signal,

        @JsonPropertyDescription("The most it may be: a decimal in quotes, or a duration for LatencyP95.")
        @Required
        @Size(min = 1, max = Cel.DURATION_LENGTH)
        String max,

        @JsonPropertyDescription("Query: its name. That of a Query in stopLoss.rules stands for the same query.")
        @Size(min = 1, max = Cel.QUERY_NAME_LENGTH)
        @ValidationRule(value = Cel.IS_DNS_LABEL, message = Cel.DNS_LABEL_HELP)
        @Nullable
        String name,

        @JsonPropertyDescription(
                "Query: the PromQL, which must give exactly one series; left out for the query of a rule.")
        @Size(min = 1, max = Cel.QUERY_LENGTH)
        @Nullable
        String query) {}
