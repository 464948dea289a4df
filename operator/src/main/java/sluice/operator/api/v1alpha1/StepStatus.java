package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One step. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepStatus(
        @JsonPropertyDescription("Share of callers in the candidate arm, in percent.") @Nullable
        Integer weight,

        @JsonPropertyDescription("How long the step lasts at least.") @Nullable
        String hold,

        @JsonPropertyDescription("Manual when somebody must approve before the step is left.") @Nullable
        String approval) {}
