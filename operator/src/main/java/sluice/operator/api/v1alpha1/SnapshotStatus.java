package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the whole service was when a snapshot was due. What was not to be seen is absent. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotStatus(
        @JsonPropertyDescription("When.") @Nullable String at,

        @JsonPropertyDescription("The phase.") @Nullable String phase,

        @JsonPropertyDescription("The candidate, or once promoted the stable limiter.") @Nullable
        String revision,

        @JsonPropertyDescription("Where that limiter is to count: Redis, Memory or Off.") @Nullable
        String backend,

        @JsonPropertyDescription(
                "How many sidecars counted in memory because Redis could not be asked. Absent where no sidecar has a Redis.")
        @Nullable
        Integer fallback,

        @JsonPropertyDescription("How many sidecars there were.") @Nullable
        Integer sidecars,

        @JsonPropertyDescription("The weight, in percent.") @Nullable
        Integer weight,

        @JsonPropertyDescription("Requests per second, a decimal.") @Nullable
        String requests,

        @JsonPropertyDescription("Share of 5xx, a decimal.") @Nullable
        String errorRatio,

        @JsonPropertyDescription("Median latency in seconds, a decimal.") @Nullable
        String latencyP50,

        @JsonPropertyDescription("95th percentile of latency in seconds, a decimal.") @Nullable
        String latencyP95,

        @JsonPropertyDescription("99th percentile of latency in seconds, a decimal.") @Nullable
        String latencyP99,

        @JsonPropertyDescription("Share of requests that failed authentication, a decimal.") @Nullable
        String authFailures,

        @JsonPropertyDescription("Share of requests that the limiter throttled, a decimal.") @Nullable
        String throttledRatio,

        @JsonPropertyDescription("The stop-loss rules nearest to being broken, nearest first, at most 8.") @Nullable
        List<MarginStatus> margins) {}
