package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Regular reports of the figures. */
public record Snapshots(
        @JsonPropertyDescription("The time between two reports.") @Required @Size(max = Cel.DURATION_LENGTH)
        String every,

        @JsonPropertyDescription("How long after a change of the weight reports are sent.")
        @Required
        @Size(max = Cel.DURATION_LENGTH)
        String during) {}
