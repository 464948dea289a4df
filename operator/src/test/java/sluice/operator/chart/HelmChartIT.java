package sluice.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.operator.testing.RealApiServer;

class HelmChartIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final String[] EVERYWHERE = {};
    private static final String[] TWO_NAMESPACES = {"watchNamespaces=[\"default\",\"kube-public\"]"};

    private static final String[] WITH_HOOKS = {"hooks.enabled=true"};
    private static final String[] WITH_SLACK = {"slack={\"secretName\":\"slack-bot\",\"channels\":[\"#oncall\"]}"};

    static Stream<List<HasMetadata>> charts() {
        return Stream.of(
                Helm.offline().render(EVERYWHERE),
                Helm.offline().render(TWO_NAMESPACES),
                Helm.offline().render(WITH_SLACK),
                Helm.offline().render(WITH_HOOKS));
    }

    @ParameterizedTest
    @MethodSource("charts")
    void namesEveryVerbGroupAndResource(List<HasMetadata> chart) {
        assertThat(rules(chart)).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.getVerbs())
                    .isNotEmpty()
                    .doesNotContain("*", "escalate", "bind", "impersonate", "deletecollection");
            assertThat(rule.getApiGroups()).isNotEmpty().doesNotContain("*");
            assertThat(rule.getResources()).isNotEmpty().noneMatch(resource -> resource.contains("*"));
            assertThat(rule.getResources()).doesNotContain("pods/exec", "pods/attach", "serviceaccounts/token");
            assertThat(rule.getNonResourceURLs()).isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("charts")
    void givesTheOperatorNoSecretButItsOwnCertificates(List<HasMetadata> chart) {
        assertThat(all(chart, ClusterRole.class).flatMap(role -> role.getRules().stream()))
                .noneMatch(rule -> rule.getResources().contains("secrets"));
        var onSecrets = all(chart, Role.class)
                .flatMap(role -> role.getRules().stream()
                        .filter(rule -> rule.getResources().contains("secrets"))
                        .map(rule -> Map.entry(role.getMetadata().getNamespace(), rule)))
                .toList();
        assertThat(onSecrets).singleElement().satisfies(found -> {
            assertThat(found.getKey()).isEqualTo(Helm.NAMESPACE);
            assertThat(found.getValue().getResourceNames()).containsExactly("sluice-certs");
            assertThat(found.getValue().getVerbs()).containsExactlyInAnyOrder("get", "update");
        });
    }

    @ParameterizedTest
    @MethodSource("charts")
    void letsTheOperatorDeleteNothingButJobs(List<HasMetadata> chart) {
        assertThat(rules(chart))
                .filteredOn(rule -> rule.getVerbs().contains("delete"))
                .allSatisfy(rule -> assertThat(rule.getResources()).containsExactly("jobs"));
    }

    @Test
    void givesTheOperatorNoJobsUnlessHooksAreEnabled() throws IOException {
        var without = Helm.offline().render();
        assertThat(rules(without)).noneMatch(rule -> rule.getResources().contains("jobs"));
        assertThat(config(without).at("/hooks/enabled")).isEqualTo(BooleanNode.FALSE);
        var with = Helm.offline().render(WITH_HOOKS);
        assertThat(rules(with))
                .filteredOn(rule -> rule.getResources().contains("jobs"))
                .hasSize(1);
        assertThat(config(with).at("/hooks/enabled")).isEqualTo(BooleanNode.TRUE);
    }

    @Test
    void enablesNoHooksWithoutThePoliciesThatGuardThem() {
        assertThatThrownBy(() -> Helm.offline().render("hooks.enabled=true", "admissionPolicies.enabled=false"))
                .hasMessageContaining("hooks.enabled needs admissionPolicies.enabled");
    }

    @Test
    void saysWhyItNeedsEachRule() throws IOException {
        for (var file : List.of("_helpers.tpl", "rbac.yaml")) {
            var lines = Files.readAllLines(Path.of(Helm.CHART, "templates", file));
            for (int i = 1; i < lines.size(); i++) {
                if (lines.get(i).startsWith("- apiGroups:")) {
                    assertThat(lines.get(i - 1)).as(file + ":" + (i + 1)).startsWith("#");
                }
            }
        }
    }

    @Test
    void needsNoRightsInOtherNamespacesWhenToldWhichToWatch() {
        var chart = Helm.offline().render(TWO_NAMESPACES);
        assertThat(all(chart, ClusterRole.class).flatMap(role -> role.getRules().stream()))
                .extracting(PolicyRule::getResources)
                .containsExactlyInAnyOrder(List.of("tokenreviews"), List.of("mutatingwebhookconfigurations"));
        assertThat(all(chart, Role.class).map(role -> role.getMetadata().getNamespace()))
                .containsExactlyInAnyOrder("default", "kube-public", Helm.NAMESPACE);
    }

    @Test
    void asksTheWebhookAboutLabelledPodsOnlyAndNeverBlocksOne() {
        var webhook = only(Helm.offline().render(), MutatingWebhookConfiguration.class)
                .getWebhooks()
                .getFirst();
        assertThat(webhook.getFailurePolicy()).isEqualTo("Ignore");
        assertThat(webhook.getTimeoutSeconds()).isEqualTo(2);
        assertThat(webhook.getObjectSelector().getMatchExpressions().getFirst().getKey())
                .isEqualTo("sluice.dev/limiter");
        assertThat(webhook.getNamespaceSelector()
                        .getMatchExpressions()
                        .getFirst()
                        .getValues())
                .containsExactly(Helm.NAMESPACE, "kube-system");
        assertThat(webhook.getClientConfig().getCaBundle()).isNull();
    }

    @Test
    void writesTheConfigurationThatTheOperatorReads() throws IOException {
        var chart = Helm.offline().render("sidecar.image.tag=\"9.9.9\"");
        var config = config(chart);
        assertThat(config.path("namespace").asText()).isEqualTo(Helm.NAMESPACE);
        assertThat(config.path("sidecarImage").asText()).isEqualTo("sluice/limiter-sidecar:9.9.9");
        assertThat(config.path("controlUrl").asText()).isEqualTo("https://sluice-control.sluice-system.svc:9443");
        assertThat(config.at("/prometheus/providers/default/url").asText()).startsWith("http");
        assertThat(config.at("/sidecarResources/limits/memory").asText()).isEqualTo("256Mi");
        assertThat(config.at("/prometheus/providers/default/allowQueries")).isEqualTo(BooleanNode.FALSE);
    }

    @Test
    void allowsQueriesWhereItsValuesSaySo() throws IOException {
        var chart = Helm.offline().render("prometheus.providers.default.allowQueries=true");
        var config =
                new YAMLMapper().readTree(only(chart, ConfigMap.class).getData().get("operator.yaml"));
        assertThat(config.at("/prometheus/providers/default/allowQueries")).isEqualTo(BooleanNode.TRUE);
    }

    @Test
    void mountsTheSecretForSlackAsAFileThatMayBeMissing() throws IOException {
        var chart = Helm.offline().render(WITH_SLACK);
        var pod = only(chart, Deployment.class).getSpec().getTemplate().getSpec();
        var volume = pod.getVolumes().stream()
                .filter(each -> each.getName().equals("slack"))
                .findFirst()
                .orElseThrow()
                .getSecret();
        assertThat(volume.getSecretName()).isEqualTo("slack-bot");
        assertThat(volume.getOptional()).isTrue();
        assertThat(volume.getDefaultMode()).isEqualTo(0440);
        assertThat(volume.getItems())
                .singleElement()
                .satisfies(item -> assertThat(item.getKey()).isEqualTo("token"));
        assertThat(pod.getContainers().getFirst().getVolumeMounts())
                .anyMatch(mount -> mount.getMountPath().equals("/etc/sluice-slack") && mount.getReadOnly());
        assertThat(config(chart).at("/slack/tokenFile").asText()).isEqualTo("/etc/sluice-slack/token");
        assertThat(config(chart).at("/slack/channels/0").asText()).isEqualTo("#oncall");

        var webhook = Helm.offline().render("slack={\"secretName\":\"hook\",\"kind\":\"webhook\"}");
        assertThat(config(webhook).at("/slack/webhookFile").asText()).isEqualTo("/etc/sluice-slack/webhook");
        assertThat(config(Helm.offline().render()).has("slack")).isFalse();
    }

    @Test
    void saysWhereReportsAre() throws IOException {
        var chart = Helm.offline()
                .render("notifications.reportUrl=\"https://reports.example/{namespace}/{name}?r={revision}\"");
        assertThat(config(chart).at("/notifications/reportUrl").asText())
                .isEqualTo("https://reports.example/{namespace}/{name}?r={revision}");
        assertThat(config(Helm.offline().render())
                        .at("/notifications/reportUrl")
                        .asText())
                .isEmpty();
    }

    @Test
    void mountsTheFileOfAutonomousSystemsWhereThereIsOne() throws IOException {
        var chart =
                Helm.offline().render("asn.volume={\"configMap\":{\"name\":\"ours\"}}", "asn.file=\"our-asn.mmdb\"");
        var pod = only(chart, Deployment.class).getSpec().getTemplate().getSpec();
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getName().equals("asn"))
                .singleElement()
                .satisfies(volume -> assertThat(volume.getConfigMap().getName()).isEqualTo("ours"));
        assertThat(pod.getContainers().getFirst().getVolumeMounts())
                .anyMatch(mount -> mount.getMountPath().equals("/etc/sluice-asn") && mount.getReadOnly());
        assertThat(config(chart).at("/asn/file").asText()).isEqualTo("/etc/sluice-asn/our-asn.mmdb");
        assertThat(config(chart).at("/asn/prometheus").asText()).isEqualTo("default");

        var without = Helm.offline().render();
        assertThat(config(without).has("asn")).isFalse();
        assertThat(only(without, Deployment.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getVolumes())
                .noneMatch(volume -> volume.getName().equals("asn"));
        assertThatThrownBy(() -> Helm.offline().render("asn.file=\"../etc/passwd\""))
                .hasMessageContaining("file");
    }

    private static JsonNode config(List<HasMetadata> chart) throws IOException {
        return new YAMLMapper().readTree(only(chart, ConfigMap.class).getData().get("operator.yaml"));
    }

    @Test
    void refusesValuesThatMeanNothing() {
        var helm = Helm.offline();
        assertThat(helm.lint()).contains("0 chart(s) failed");
        assertThatThrownBy(() -> helm.render("replica=3")).hasMessageContaining("replica");
        assertThatThrownBy(() -> helm.render("webhook.timeoutSeconds=60")).hasMessageContaining("timeoutSeconds");
        assertThatThrownBy(() -> helm.render("prometheus.providers={\"default\":{\"url\":\"file:///etc/passwd\"}}"))
                .hasMessageContaining("url");
        assertThatThrownBy(() -> helm.render("prometheus.providers.default.allowQueries=\"some\""))
                .hasMessageContaining("allowQueries");
        assertThatThrownBy(() -> helm.render("slack.kind=\"password\"")).hasMessageContaining("kind");
        assertThatThrownBy(() -> helm.render("slack.channels=[\"oncall\"]")).hasMessageContaining("channels");
        for (var url : List.of(
                "reports.example/{name}",
                "https://reports.example/{uid}",
                "https://a@reports.example/",
                "https://reports.example/<x>")) {
            assertThatThrownBy(() -> helm.render("notifications.reportUrl=\"" + url + "\""))
                    .hasMessageContaining("reportUrl");
        }
        assertThatThrownBy(() -> helm.render("slack.url=\"https://user:password@slack.com\""))
                .hasMessageContaining("url");
    }

    @Test
    void sendsTheTokenOutOfTheClusterByTlsOnly() {
        var helm = Helm.offline();
        for (var url : List.of(
                "http://slack.com/api/chat.postMessage",
                "http://10.0.0.1/",
                "http://localhost.example.com/",
                "http://proxy.svc.example.com/",
                "http://127.0.0.1@slack.com/")) {
            assertThatThrownBy(() -> helm.render("slack.url=\"" + url + "\"")).hasMessageContaining("url");
        }
        for (var url : List.of(
                "https://slack-gov.com/api/chat.postMessage",
                "http://localhost:8080/api",
                "http://127.0.0.1:8080",
                "http://[::1]:8080/api",
                "http://slack-proxy/api",
                "http://slack-proxy.tools.svc:8080/api",
                "http://slack-proxy.tools.svc.cluster.local/api")) {
            assertThat(helm.render("slack.url=\"" + url + "\"")).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("charts")
    void isAcceptedByARealApiServer(List<HasMetadata> chart) {
        client().namespaces().resource(namespace()).serverSideApply();
        for (var object : chart) {
            client().resource(object).dryRun().fieldManager("test").serverSideApply();
        }
    }

    @Test
    void runsUnderThePodSecurityStandardRestricted() {
        var namespace = API.newNamespace("restricted");
        client().namespaces()
                .withName(namespace)
                .edit(found -> new NamespaceBuilder(found)
                        .editMetadata()
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build());
        var template = only(Helm.offline().render(), Deployment.class).getSpec().getTemplate();
        var pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("operator")
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
        assertThat(client().resource(pod).dryRun().create()).isInstanceOf(Pod.class);
    }

    @Test
    void upgradesWithoutTouchingWhatTheOperatorHasWritten() {
        var helm = Helm.at(API.config());
        helm.upgradeOrInstall();
        try {
            secret().edit(found ->
                    new SecretBuilder(found).addToData("ca.crt", "b3Vycw==").build());
            webhook()
                    .edit(found -> new MutatingWebhookConfigurationBuilder(found)
                            .editFirstWebhook()
                            .editClientConfig()
                            .withCaBundle("b3Vycw==")
                            .endClientConfig()
                            .endWebhook()
                            .build());

            helm.upgradeOrInstall("replicas=3", "webhook.timeoutSeconds=3");

            assertThat(secret().get().getData()).containsEntry("ca.crt", "b3Vycw==");
            var upgraded = webhook().get().getWebhooks().getFirst();
            assertThat(upgraded.getTimeoutSeconds()).isEqualTo(3);
            assertThat(upgraded.getClientConfig().getCaBundle()).isEqualTo("b3Vycw==");
        } finally {
            helm.uninstall();
        }
        assertThat(secret().get()).isNull();
    }

    private static Resource<Secret> secret() {
        return client().secrets().inNamespace(Helm.NAMESPACE).withName("sluice-certs");
    }

    private static Resource<MutatingWebhookConfiguration> webhook() {
        return client().admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("sluice-webhook");
    }

    private static KubernetesClient client() {
        return API.client();
    }

    private static Namespace namespace() {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(Helm.NAMESPACE)
                .endMetadata()
                .build();
    }

    private static List<PolicyRule> rules(List<HasMetadata> chart) {
        return Stream.concat(
                        all(chart, ClusterRole.class).flatMap(role -> role.getRules().stream()),
                        all(chart, Role.class).flatMap(role -> role.getRules().stream()))
                .toList();
    }

    private static <T> Stream<T> all(List<HasMetadata> chart, Class<T> type) {
        return chart.stream().filter(type::isInstance).map(type::cast);
    }

    private static <T> T only(List<HasMetadata> chart, Class<T> type) {
        return all(chart, type).findFirst().orElseThrow();
    }
}
