package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rollback and what caused it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RollbackStatus(
        @JsonPropertyDescription("The candidate that was rolled back.") @Nullable
        String revision,

        @JsonPropertyDescription(
                "The signal, Query for any query, NoData, ProgressDeadlineExceeded, HookFailed or Abort.")
        @Nullable
        String reason,

        @JsonPropertyDescription("Why, in a sentence.") @Nullable
        String message,

        @JsonPropertyDescription("The signal whose rule was broken, for a Query its name.") @Nullable
        String signal,

        @JsonPropertyDescription("The PromQL whose rule was broken, for a Query.") @Nullable
        String query,

        @JsonPropertyDescription("The scope in which it was broken: candidate or service.") @Nullable
        String scope,

        @JsonPropertyDescription("The newest sample's value, a decimal.") @Nullable
        String value,

        @JsonPropertyDescription("The value at or over which it breaches.") @Nullable
        String threshold,

        @JsonProperty("for") @JsonPropertyDescription("How long it had to breach.") @Nullable
        String window,

        @JsonPropertyDescription("The first sample of the window that broke the rule.") @Nullable
        String firstBreachingSample,

        @JsonPropertyDescription("The newest sample.") @Nullable
        String lastSample,

        @JsonPropertyDescription("Since when data were missing or nothing progressed.") @Nullable
        String since,

        @JsonPropertyDescription("The weight when it was decided, in percent.") @Nullable
        Integer fromWeight,

        @JsonPropertyDescription(
                "True when the candidate had been promoted: a sidecar that cannot be reached keeps it until its next contact.")
        @Nullable
        Boolean afterPromotion,

        @JsonPropertyDescription("When it was decided.") @Nullable
        String decidedAt,

        @JsonPropertyDescription("When the status update that carries it was sent.") @Nullable
        String committedAt,

        @JsonPropertyDescription("When the last sidecar acknowledged it.") @Nullable
        String lastAckAt,

        @JsonPropertyDescription("When every sidecar was back.") @Nullable
        String finishedAt,

        @JsonPropertyDescription("How that is known: Acknowledged, LeaseExpired or SidecarsRemoved.") @Nullable
        String proof,

        @JsonPropertyDescription("The newest samples of the window, at most 30.") @Nullable
        List<SampleStatus> samples) {}
