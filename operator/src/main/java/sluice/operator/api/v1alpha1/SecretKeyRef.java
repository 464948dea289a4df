package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One key of a Secret in the rollout's own namespace. The operator never reads it. */
public record SecretKeyRef(
        @JsonPropertyDescription("The Secret's name, in the rollout's own namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = Cel.IS_DNS_SUBDOMAIN, message = Cel.DNS_SUBDOMAIN_HELP)
        String name,

        @JsonPropertyDescription("The key.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(
                value = "self.matches('^[-._a-zA-Z0-9]+$')",
                message = "must be a Secret's key: letters, digits, '-', '_' and '.', such as token")
        String key) {}
