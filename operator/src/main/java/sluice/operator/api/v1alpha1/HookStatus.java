package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A hook at the place where the rollout is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HookStatus(
        @JsonPropertyDescription("The hook's name.") @Nullable
        String name,

        @JsonPropertyDescription("The revision that it is about.") @Nullable
        String revision,

        @JsonPropertyDescription(
                "Due (it waits, as for every sidecar to do as told), Running, Passed, Failed or Skipped.")
        @Nullable
        String outcome,

        @JsonPropertyDescription("Since when its Job has been wanted; names the Job, with the hook's name.") @Nullable
        String startedAt,

        @JsonPropertyDescription("When its outcome was seen.") @Nullable
        String finishedAt,

        @JsonPropertyDescription("Why it failed.") @Nullable String message) {}
