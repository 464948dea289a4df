package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What must hold before a step may be left. */
@ValidationRule(
        value = "self.signal != 'Query'",
        fieldPath = ".signal",
        message = "spec.gates[].signal: Query is not supported in this version yet; remove the gate")
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
public record Gate(
        @JsonPropertyDescription("The signal to look at.") @Required
        SignalName signal,

        @JsonPropertyDescription("The most it may be: a decimal in quotes, or a duration for LatencyP95.")
        @Required
        @Size(min = 1, max = Cel.DURATION_LENGTH)
        String max) {}
