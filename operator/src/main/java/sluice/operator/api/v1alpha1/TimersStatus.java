package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Every time that a decision depends on, RFC 3339 with milliseconds. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TimersStatus(
        @JsonPropertyDescription("Since when the rollout has been pending, observing, promoted or rolled back.")
        @Nullable
        String phaseSince,

        @JsonPropertyDescription("Since when samples of the whole service count against the stop-loss.") @Nullable
        String armedAt,

        @JsonPropertyDescription("When the candidate's first step began; earlier samples of its arm do not count.")
        @Nullable
        String candidateSince,

        @JsonPropertyDescription("When the present step began.") @Nullable
        String stepStartedAt,

        @JsonPropertyDescription("When the present step's hold began; later by the time in which nobody called.")
        @Nullable
        String holdStartedAt,

        @JsonPropertyDescription("The last evaluation.") @Nullable
        String evaluatedAt,

        @JsonPropertyDescription("Since when data have been missing.") @Nullable
        String missingSince,

        @JsonPropertyDescription(
                "After a rollback for missing data: since when data have been there again without a break.")
        @Nullable
        String presentSince,

        @JsonPropertyDescription("Since when something other than time or data has kept the rollout from progressing.")
        @Nullable
        String stalledSince,

        @JsonPropertyDescription("The last share of throttled requests that the stable arm showed; a decimal.")
        @Nullable
        String stableThrottledRatio) {}
