package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One signal's value before the first step. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BaselineValue(
        @JsonPropertyDescription("The signal.") @Nullable String name,

        @JsonPropertyDescription("Its value, a decimal.") @Nullable
        String value) {}
