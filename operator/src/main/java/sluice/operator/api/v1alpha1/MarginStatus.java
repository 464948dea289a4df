package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How far a signal was from its stop-loss. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MarginStatus(
        @JsonPropertyDescription("The signal.") @Nullable String signal,

        @JsonPropertyDescription("candidate or service.") @Nullable
        String scope,

        @JsonPropertyDescription("Its value, a decimal; seconds for latencies.") @Nullable
        String value,

        @JsonPropertyDescription("The value at or over which it breaches.") @Nullable
        String threshold,

        @JsonPropertyDescription("How much of the threshold is left, as in 90%; below zero while it breaches.")
        @Nullable
        String left) {}
