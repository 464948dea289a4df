package sluice.operator.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class CertificateKeeperMockTest {

    private static final String NAMESPACE = "sluice-system";
    private static final CertificateSettings SETTINGS = new CertificateSettings(
            NAMESPACE,
            Duration.ofDays(365),
            Duration.ofDays(365),
            Duration.ofMinutes(10),
            Duration.ofDays(2),
            Duration.ofMillis(50));

    /** So that what is issued after two thirds of the CA's life is valid today: handshakes go by the real clock. */
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().minus(Duration.ofDays(244)));

    @SuppressWarnings("NullAway.Init") // set by the extension
    KubernetesClient client;

    @BeforeEach
    void chartIsInstalled() {
        chartSecret();
        client.resource(new MutatingWebhookConfigurationBuilder()
                        .withNewMetadata()
                        .withName(CertificateSettings.WEBHOOK_CONFIGURATION)
                        .endMetadata()
                        .addNewWebhook()
                        .withName("pods.sluice.dev")
                        .withNewClientConfig()
                        .withNewService("sluice-webhook", NAMESPACE, "/mutate", 443)
                        .endClientConfig()
                        .endWebhook()
                        .build())
                .create();
    }

    @Test
    void fillsTheEmptySecretAndTellsTheApiServerWhomToTrust() throws Exception {
        try (var keeper = started()) {
            assertThat(keeper.ready()).isTrue();
            assertThat(served(keeper, keeper.caBundlePem())
                            .getSubjectX500Principal()
                            .getName())
                    .contains("CN=sluice");
            await().untilAsserted(() -> assertThat(caBundle()).isEqualTo(keeper.caBundlePem()));
        }
    }

    @Test
    void servesTheNewCertificateWithoutARestartAndBothAuthoritiesAreTrustedMeanwhile() throws Exception {
        try (var keeper = started()) {
            var changes = new AtomicInteger();
            keeper.onChange(changes::incrementAndGet);
            var oldBundle = keeper.caBundlePem();
            var first = served(keeper, oldBundle);

            advance(SETTINGS.caLife().multipliedBy(2).dividedBy(3));
            await().untilAsserted(() ->
                    assertThat(keeper.caBundlePem()).contains(oldBundle).hasSizeGreaterThan(oldBundle.length()));
            var bothBundle = keeper.caBundlePem();
            assertThat(served(keeper, oldBundle)).isEqualTo(first);
            await().untilAsserted(() -> assertThat(caBundle()).isEqualTo(bothBundle));

            advance(SETTINGS.overlap().multipliedBy(2));
            await().untilAsserted(() -> assertThat(served(keeper, bothBundle)).isNotEqualTo(first));

            advance(SETTINGS.overlap().multipliedBy(2));
            await().untilAsserted(() -> assertThat(keeper.caBundlePem()).doesNotContain(oldBundle));
            await().untilAsserted(() -> assertThat(caBundle()).isEqualTo(keeper.caBundlePem()));
            assertThat(changes.get()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void twoReplicasEndWithTheSameCertificates() {
        try (var one = keeper();
                var two = keeper()) {
            one.start();
            two.start();
            await().untilAsserted(
                            () -> assertThat(two.caBundlePem()).isNotEmpty().isEqualTo(one.caBundlePem()));
        }
    }

    @Test
    void issuesAnewWhenSomebodyBreaksTheSecret() throws IOException {
        try (var keeper = started()) {
            var before = keeper.caBundlePem();
            client.secrets()
                    .inNamespace(NAMESPACE)
                    .withName(CertificateSettings.SECRET)
                    .edit(secret -> new SecretBuilder(secret)
                            .withData(Map.of("ca.crt", "bm90aGluZw=="))
                            .build());
            await().untilAsserted(
                            () -> assertThat(keeper.caBundlePem()).isNotEmpty().isNotEqualTo(before));
            await().untilAsserted(() -> assertThat(caBundle()).isEqualTo(keeper.caBundlePem()));
        }
    }

    @Test
    void waitsForASecretThatIsNotThereYet() {
        client.secrets()
                .inNamespace(NAMESPACE)
                .withName(CertificateSettings.SECRET)
                .delete();
        try (var keeper = started()) {
            assertThat(keeper.ready()).isFalse();
            assertThat(keeper.caBundlePem()).isEmpty();
            assertThat(keeper.failing()).isTrue();
            chartSecret();
            await().until(keeper::ready);
            await().until(() -> !keeper.failing());
        }
    }

    private void chartSecret() {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName(CertificateSettings.SECRET)
                        .endMetadata()
                        .build())
                .create();
    }

    private CertificateKeeper keeper() {
        return new CertificateKeeper(client, SETTINGS, now::get);
    }

    private CertificateKeeper started() {
        var keeper = keeper();
        keeper.start();
        return keeper;
    }

    private void advance(Duration time) {
        now.updateAndGet(instant -> instant.plus(time).plusSeconds(1));
    }

    private String caBundle() {
        var bundle = client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(CertificateSettings.WEBHOOK_CONFIGURATION)
                .get()
                .getWebhooks()
                .getFirst()
                .getClientConfig()
                .getCaBundle();
        return bundle == null ? "" : new String(Base64.getDecoder().decode(bundle), StandardCharsets.UTF_8);
    }

    /** What a handshake as the API server does it gets: it trusts the bundle only, and checks the name. */
    private static X509Certificate served(CertificateKeeper keeper, String trusted)
            throws IOException, GeneralSecurityException {
        var name = "sluice-webhook." + NAMESPACE + ".svc";
        var loopback = InetAddress.getLoopbackAddress();
        try (var server = (SSLServerSocket)
                        keeper.sslContext().getServerSocketFactory().createServerSocket(0, 1, loopback);
                var plain = new Socket(loopback, server.getLocalPort());
                var client = (SSLSocket) LocalhostCertificate.clientTrusting(trusted)
                        .getSocketFactory()
                        .createSocket(plain, name, server.getLocalPort(), true)) {
            Thread.ofVirtual().start(() -> greet(server));
            var parameters = client.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            client.setSSLParameters(parameters);
            client.startHandshake();
            return (X509Certificate) client.getSession().getPeerCertificates()[0];
        }
    }

    private static void greet(SSLServerSocket server) {
        try (var accepted = (SSLSocket) server.accept()) {
            accepted.startHandshake();
            accepted.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException clientLeft) {
            // The client has seen what it wanted.
        }
    }
}
