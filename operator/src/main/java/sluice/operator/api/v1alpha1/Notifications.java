package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** Who is told about the rollout. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Notifications(
        @JsonPropertyDescription("A Slack channel.") @Required
        Slack slack,

        @JsonPropertyDescription("Regular reports of the figures. Without it: none.") @Nullable
        Snapshots snapshots) {}
