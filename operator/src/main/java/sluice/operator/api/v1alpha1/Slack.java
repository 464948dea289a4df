package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A Slack channel; the address and the token are the operator's own configuration. */
public record Slack(
        @JsonPropertyDescription(
                "The channel: its name, such as #oncall, or its ID, such as C024BE91L. The operator's owner may have said"
                        + " which ones are allowed.")
        @Required
        @Size(max = 81)
        @ValidationRule(
                value = "self.matches('^(#[a-z0-9._-]{1,80}|[CG][A-Z0-9]{7,20})$')",
                message =
                        "must be a channel's name in lower case with its '#', such as #oncall, or its ID, such as C024BE91L")
        String channel) {}
