package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether NetworkPolicies that let callers through to the app's port let them through to the sidecar's: once a Service aims at the sidecar,
 * those that do not cut its callers off, and no signal would show it.
 *
 * @param policies of the pods' namespace
 * @param podLabels of the pods
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Network Policies</a>
 */
record AdmittedCallers(List<NetworkPolicy> policies, Map<String, String> podLabels) {

    /** The name of a policy with a rule that admits callers to {@code appPort} by number, while none admits the same to {@code sidecarPort}. */
    Optional<String> cutOff(int appPort, int sidecarPort) {
        return policies.stream()
                .filter(this::concerns)
                .filter(policy ->
                        rules(policy).anyMatch(rule -> admits(rule, appPort) && !isCovered(rule, sidecarPort)))
                .map(policy -> policy.getMetadata().getName())
                .findFirst();
    }

    private boolean isCovered(NetworkPolicyIngressRule rule, int sidecarPort) {
        return policies.stream()
                .filter(this::concerns)
                .flatMap(AdmittedCallers::rules)
                .filter(other -> other.getFrom().isEmpty() || other.getFrom().equals(rule.getFrom()))
                .anyMatch(other -> other.getPorts().isEmpty() || admits(other, sidecarPort));
    }

    private static Stream<NetworkPolicyIngressRule> rules(NetworkPolicy policy) {
        return policy.getSpec().getIngress().stream();
    }

    private static boolean admits(NetworkPolicyIngressRule rule, int port) {
        return rule.getPorts().stream().anyMatch(each -> admits(each, port));
    }

    private static boolean admits(NetworkPolicyPort admitted, int port) {
        var first = Optional.ofNullable(admitted.getPort()).map(IntOrString::getIntVal);
        var last = Optional.ofNullable(admitted.getEndPort()).or(() -> first);
        var tcp = admitted.getProtocol() == null || admitted.getProtocol().equals("TCP");
        return tcp && first.isPresent() && first.get() <= port && port <= last.orElseThrow();
    }

    private boolean concerns(NetworkPolicy policy) {
        var types = policy.getSpec().getPolicyTypes();
        return (types.isEmpty() || types.contains("Ingress"))
                && selects(policy.getSpec().getPodSelector());
    }

    private boolean selects(LabelSelector selector) {
        var labels = Optional.ofNullable(selector.getMatchLabels()).orElse(Map.of());
        return podLabels.entrySet().containsAll(labels.entrySet())
                && selector.getMatchExpressions().stream().allMatch(this::holds);
    }

    private boolean holds(LabelSelectorRequirement requirement) {
        var value = Optional.ofNullable(podLabels.get(requirement.getKey()));
        return switch (requirement.getOperator()) {
            case "In" -> value.filter(requirement.getValues()::contains).isPresent();
            case "NotIn" -> value.filter(requirement.getValues()::contains).isEmpty();
            case "Exists" -> value.isPresent();
            case "DoesNotExist" -> value.isEmpty();
            // The API server stores no other.
            default -> false;
        };
    }
}
