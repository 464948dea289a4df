package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Who is told about the rollout. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Notifications(
        @JsonPropertyDescription("A Slack channel.") @Nullable
        Slack slack,

        @JsonPropertyDescription("Regular reports of the figures.") @Nullable
        Snapshots snapshots) {}
