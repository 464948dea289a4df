package sluice.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sluice.operator.certificates.CertificateKeeper;
import sluice.operator.certificates.CertificateSettings;
import sluice.operator.testing.RealApiServer;

/** The certificates are kept with no more rights than the chart gives, in the Secret that the chart makes. */
class CertificateKeeperIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final String OPERATOR = "system:serviceaccount:" + Helm.NAMESPACE + ":sluice-operator";

    @BeforeAll
    static void chartIsInstalled() {
        Helm.at(API.config()).upgradeOrInstall();
    }

    @AfterAll
    static void chartIsGone() {
        Helm.at(API.config()).uninstall();
    }

    @Test
    void fillsTheChartsSecretAndTheWebhooksTrustWithTheOperatorsOwnRights() {
        try (var operator = API.clientAs(OPERATOR, "system:serviceaccounts", "system:authenticated");
                var one = new CertificateKeeper(operator, CertificateSettings.forNamespace(Helm.NAMESPACE));
                var two = new CertificateKeeper(operator, CertificateSettings.forNamespace(Helm.NAMESPACE))) {
            one.start();
            two.start();
            assertThat(one.ready()).isTrue();
            assertThat(two.caBundlePem()).isEqualTo(one.caBundlePem());
            assertThat(API.client()
                            .secrets()
                            .inNamespace(Helm.NAMESPACE)
                            .withName("sluice-certs")
                            .get()
                            .getData())
                    .containsOnlyKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
            await().untilAsserted(() -> assertThat(caBundle()).isEqualTo(one.caBundlePem()));
        }
    }

    private static String caBundle() {
        var bundle = API.client()
                .admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("sluice-webhook")
                .get()
                .getWebhooks()
                .getFirst()
                .getClientConfig()
                .getCaBundle();
        return bundle == null ? "" : new String(Base64.getDecoder().decode(bundle), StandardCharsets.UTF_8);
    }
}
