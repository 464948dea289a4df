package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decision that was taken, on what evidence, and who asked for it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PastDecisionStatus(
        @JsonPropertyDescription("When.") @Nullable String at,

        @JsonPropertyDescription("As in lastDecision.") @Nullable
        String name,

        @JsonPropertyDescription("Why, in one word.") @Nullable
        String reason,

        @JsonPropertyDescription("Why, in a sentence.") @Nullable
        String message,

        @JsonPropertyDescription("The command that asked for it. Absent when nobody did.") @Nullable
        String by,

        @JsonPropertyDescription("The candidate that it was about.") @Nullable
        String revision,

        @JsonPropertyDescription("The weight that it led to, in percent.") @Nullable
        Integer weight,

        @JsonPropertyDescription("The signal that was broken, or else was nearest to its stop-loss.") @Nullable
        String signal,

        @JsonPropertyDescription("candidate or service.") @Nullable
        String scope,

        @JsonPropertyDescription("Its newest value, a decimal; seconds for latencies.") @Nullable
        String value,

        @JsonPropertyDescription("The value at or over which it breaches.") @Nullable
        String threshold,

        @JsonProperty("for") @JsonPropertyDescription("How long it would have to breach.") @Nullable
        String window,

        @JsonPropertyDescription("The newest samples of a broken rule, at most 5.") @Nullable
        List<SampleStatus> samples) {}
