package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A stop-loss rule's verdict on one scope. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SignalStatus(
        @JsonPropertyDescription("The signal: ErrorRatio, LatencyP95, AuthFailures, ThrottledRatio or a Query's name.")
        @Nullable
        String name,

        @JsonPropertyDescription("candidate or service.") @Nullable
        String scope,

        @JsonPropertyDescription("The newest value, a decimal; seconds for latencies.") @Nullable
        String value,

        @JsonPropertyDescription("The value at or over which it breaches.") @Nullable
        String threshold,

        @JsonPropertyDescription("Healthy, Breaching, Broken, NoTraffic or Unknown.") @Nullable
        String verdict,

        @JsonPropertyDescription("The first sample of the present breach.") @Nullable
        String breachingSince,

        @JsonPropertyDescription("Why nothing is known.") @Nullable
        String message) {}
