package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdmittedCallersTest {

    private static final int APP = 8080;
    private static final int SIDECAR = 15080;

    @Test
    void aRuleThatAdmitsTheAppsPortAloneCutsCallersOff() {
        assertThat(cutOff("{ports: [{port: 8080}]}")).contains("policy");
        assertThat(cutOff("{ports: [{port: 8000, endPort: 9000}]}")).contains("policy");
        assertThat(cutOff("{from: [{podSelector: {}}], ports: [{port: 8080, protocol: TCP}]}"))
                .contains("policy");
    }

    @Test
    void aRuleThatAdmitsTheSidecarTooCutsNobodyOff() {
        assertThat(cutOff("{ports: [{port: 8080}, {port: 15080}]}")).isEmpty();
        assertThat(cutOff("{ports: [{port: 8000, endPort: 20000}]}")).isEmpty();
        assertThat(cutOff("{from: [{podSelector: {}}]}")).isEmpty();
        assertThat(cutOff("{ports: [{port: http}]}")).isEmpty();
        assertThat(cutOff("{ports: [{port: 8080, protocol: UDP}]}")).isEmpty();
    }

    @Test
    void anotherRuleForTheSameCallersIsEnough() {
        assertThat(cutOff("{from: [{podSelector: {}}], ports: [{port: 8080}]}", "{ports: [{port: 15080}]}"))
                .isEmpty();
        assertThat(cutOff("{from: [{podSelector: {}}], ports: [{port: 8080}]}", "{}"))
                .isEmpty();
        assertThat(cutOff(
                        "{from: [{podSelector: {}}], ports: [{port: 8080}]}",
                        "{from: [{namespaceSelector: {}}], ports: [{port: 15080}]}"))
                .contains("policy");
    }

    @Test
    void aPolicyForOtherPodsOrForEgressIsNoneOfItsBusiness() {
        assertThat(cutOff(policy("{matchLabels: {app: other}}", "[Ingress]", "{ports: [{port: 8080}]}")))
                .isEmpty();
        assertThat(cutOff(policy("{matchLabels: {app: api}}", "[Egress]", "{ports: [{port: 8080}]}")))
                .isEmpty();
        assertThat(cutOff(policy(
                        "{matchExpressions: [{key: app, operator: In, values: [api]}]}",
                        "[Ingress]",
                        "{ports: [{port: 8080}]}")))
                .contains("policy");
        assertThat(cutOff(policy(
                        "{matchExpressions: [{key: app, operator: NotIn, values: [api]}]}",
                        "[Ingress]",
                        "{ports: [{port: 8080}]}")))
                .isEmpty();
        assertThat(cutOff(policy(
                        "{matchExpressions: [{key: app, operator: Exists}, {key: tier, operator: DoesNotExist}]}",
                        "[Ingress]",
                        "{ports: [{port: 8080}]}")))
                .contains("policy");
    }

    private static Optional<String> cutOff(String... rules) {
        return cutOff(policy("{}", "[Ingress]", rules));
    }

    private static Optional<String> cutOff(NetworkPolicy policy) {
        return new AdmittedCallers(List.of(policy), Map.of("app", "api")).cutOff(APP, SIDECAR);
    }

    private static NetworkPolicy policy(String selector, String types, String... rules) {
        return Serialization.unmarshal("""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: policy}
                spec: {podSelector: %s, policyTypes: %s, ingress: [%s]}
                """.formatted(selector, types, String.join(", ", rules)), NetworkPolicy.class);
    }
}
