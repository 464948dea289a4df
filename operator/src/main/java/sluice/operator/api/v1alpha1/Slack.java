package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A Slack channel; the address and the token are the operator's own configuration. */
public record Slack(
        @JsonPropertyDescription("The channel's name, such as #oncall.") @Required @Size(min = 1, max = 80)
        String channel) {}
