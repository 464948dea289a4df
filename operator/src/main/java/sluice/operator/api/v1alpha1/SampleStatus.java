package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One sample. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SampleStatus(
        @JsonPropertyDescription("When it was taken.") @Nullable
        String at,

        @JsonPropertyDescription("Its value, a decimal.") @Nullable
        String value) {}
