package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** What must hold before a step may advance. */
public record Gate(
        @JsonPropertyDescription("The signal to look at.") @Required
        SignalName signal,

        @JsonPropertyDescription("The most it may be: a decimal in quotes, or a duration for LatencyP95.")
        @Required
        @Size(min = 1, max = Cel.DURATION_LENGTH)
        String max) {}
