package sluice.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.admission.WebhookServer;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.certificates.LocalhostCertificate;
import sluice.operator.testing.RealApiServer;

/** A real API server asks the webhook, configured as in the chart, and stores what comes out. */
class InjectionIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final InjectionSettings SETTINGS =
            InjectionSettings.of("sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://control:9443");

    @SuppressWarnings("NullAway.Init")
    private static WebhookServer webhook;

    @SuppressWarnings("NullAway.Init")
    private static RateLimitRollout rollout;

    @SuppressWarnings("NullAway.Init")
    private static MutatingWebhookConfiguration configuration;

    @BeforeAll
    static void webhookIsConfigured() throws Exception {
        rollout = new YAMLMapper()
                .readValue(
                        Path.of("src/test/resources/injection/in-rollout.yaml").toFile(), RateLimitRollout.class);
        var certificate = new LocalhostCertificate();
        webhook = new WebhookServer(SETTINGS, (_, _) -> Optional.of(rollout), certificate.server(), 0);
        configuration = API.client().resource(configuration(certificate)).create();
        var namespace = API.newNamespace("webhook");
        await("webhook in force")
                .atMost(Duration.ofMinutes(1))
                .until(() -> isInjected(
                        API.client().resource(pod(namespace)).dryRun().create()));
    }

    @AfterAll
    static void webhookIsGone() {
        API.client().resource(configuration).delete();
        webhook.close();
    }

    @Test
    void storesAPodWithItsSidecarThatThePodSecurityStandardRestrictedAllows() {
        var namespace = API.newNamespace("restricted");
        restrict(namespace);
        API.client().resource(pod(namespace)).create();
        var stored = API.client().pods().inNamespace(namespace).withName("api").get();
        var sidecar = stored.getSpec().getInitContainers().getFirst();
        assertThat(sidecar.getName()).isEqualTo("sluice-limiter");
        assertThat(sidecar.getRestartPolicy()).isEqualTo("Always");
        assertThat(stored.getSpec()
                        .getContainers()
                        .getFirst()
                        .getPorts()
                        .getFirst()
                        .getName())
                .isEqualTo("http-app");
        assertThat(stored.getMetadata().getAnnotations())
                .containsEntry("sluice.dev/injected", InjectionLabel.valueFor(rollout, SETTINGS));
    }

    @Test
    void injectsAPodAgainThatIsMadeFromAnInjectedOneWithoutChangingIt() {
        var namespace = API.newNamespace("twice");
        var once = API.client().resource(pod(namespace)).dryRun().create();
        var twice = API.client()
                .resource(new PodBuilder(once)
                        .editMetadata()
                        .withResourceVersion(null)
                        .withUid(null)
                        .endMetadata()
                        .build())
                .dryRun()
                .create();
        assertThat(twice.getSpec()).isEqualTo(once.getSpec());
    }

    @Test
    void isNotAskedAboutPodsWithoutTheLabelOrInItsOwnNamespace() {
        var namespace = API.newNamespace("unlabelled");
        var unlabelled = new PodBuilder(pod(namespace))
                .editMetadata()
                .withLabels(null)
                .endMetadata()
                .build();
        assertThat(isInjected(API.client().resource(unlabelled).dryRun().create()))
                .isFalse();
        var inKubeSystem = API.client().resource(pod("kube-system")).dryRun().create();
        assertThat(isInjected(inKubeSystem)).isFalse();
    }

    private static MutatingWebhookConfiguration configuration(LocalhostCertificate certificate) {
        var chart = Helm.offline().render().stream()
                .filter(MutatingWebhookConfiguration.class::isInstance)
                .map(MutatingWebhookConfiguration.class::cast)
                .findFirst()
                .orElseThrow();
        return new MutatingWebhookConfigurationBuilder(chart)
                .editMetadata()
                .withName("sluice-webhook-test")
                .endMetadata()
                .editFirstWebhook()
                // A pod goes without when the webhook is late, which is not what is looked at here.
                .withTimeoutSeconds(30)
                .withNewClientConfig()
                .withUrl("https://localhost:" + webhook.port() + "/mutate")
                .withCaBundle(Base64.getEncoder()
                        .encodeToString(certificate.authorityPem().getBytes(StandardCharsets.UTF_8)))
                .endClientConfig()
                .endWebhook()
                .build();
    }

    private static boolean isInjected(Pod pod) {
        return !pod.getSpec().getInitContainers().isEmpty();
    }

    private static void restrict(String namespace) {
        API.client()
                .namespaces()
                .withName(namespace)
                .edit(found -> new NamespaceBuilder(found)
                        .editMetadata()
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build());
    }

    private static Pod pod(String namespace) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("api")
                .addToLabels(InjectionLabel.key(), InjectionLabel.valueFor(rollout, SETTINGS))
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName("default")
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(1000L)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName("app")
                .withImage("example/scholarship-api:1")
                .addNewPort()
                .withName("http")
                .withContainerPort(8080)
                .endPort()
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath("/healthz")
                .withNewPort("http")
                .endHttpGet()
                .endReadinessProbe()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .addToDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
    }
}
