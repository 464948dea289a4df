package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The workload, in the rollout's own namespace, whose pods get the sidecar. */
public record TargetRef(
        @JsonPropertyDescription("Deployment or StatefulSet.") @Default("Deployment")
        TargetKind kind,

        @JsonPropertyDescription("The workload's name, in the rollout's own namespace.")
        @Required
        @Size(min = 1, max = 253)
        @ValidationRule(value = Cel.IS_DNS_SUBDOMAIN, message = Cel.DNS_SUBDOMAIN_HELP)
        String name) {

    public TargetRef {
        kind = requireNonNullElse(kind, TargetKind.DEPLOYMENT);
    }
}
