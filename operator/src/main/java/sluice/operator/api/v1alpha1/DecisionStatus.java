package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The last decision. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DecisionStatus(
        @JsonPropertyDescription(
                "Hold, Accept, Settle, Inject, Observe, Start, Advance, Promote, Disarm, RollBack, FinishRollBack or StartOver.")
        @Nullable
        String name,

        @JsonPropertyDescription("Why, in one word.") @Nullable
        String reason,

        @JsonPropertyDescription("Why, in a sentence.") @Nullable
        String message,

        @JsonPropertyDescription("Since when this has been the decision.") @Nullable
        String at) {}
