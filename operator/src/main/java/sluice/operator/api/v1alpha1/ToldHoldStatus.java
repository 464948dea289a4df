package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A reason to hold that people were told of. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ToldHoldStatus(
        @JsonPropertyDescription("Why the rollout holds.") @Nullable
        String reason,

        @JsonPropertyDescription("When that was told last.") @Nullable
        String at) {}
