package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.e2e.cases.OnCall.PATIENCE;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.e2e.cases.SlackChannel.Told;
import sluice.e2e.cluster.Operators;
import sluice.e2e.story.Afterwards;
import sluice.e2e.story.Patience;

/** Whoever is on call hears of the operator's own certificates: when they end soon, and when nobody can look after them. */
@Order(12)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificateAlertsE2E {
    private static final String EXPIRING = "SluiceCertificateExpiring";
    private static final String FAILING = "SluiceCertificatesFailing";
    private static final String WAKES = "#oncall";
    private static final String WARNS = "#oncall-warnings";

    private final KubernetesClient client = TestCluster.client();
    private final OnCall onCall = new OnCall();

    @BeforeAll
    void makeTrouble() {
        onCall.begin();
        letTheCertificateEndSoon();
        takeTheRightToTheSecret();
    }

    @AfterAll
    void end() {
        onCall.close();
    }

    /** Neither is due for renewal: that comes at two thirds of a certificate's own life, and its life has just begun. */
    private void letTheCertificateEndSoon() {
        var before = secret().get().getData();
        try (Afterwards _ = () -> restore(before)) {
            TestCluster.scripts().run("around/certificate", "10");
            onCall.awaitTold(EXPIRING);
            TestCluster.scripts().run("around/certificate", "2");
            Patience.until(
                    "somebody to be woken",
                    PATIENCE,
                    () -> told(EXPIRING, WAKES).findAny().isPresent());
        }
        onCall.awaitOver(EXPIRING);
    }

    private Resource<Secret> secret() {
        return client.secrets().inNamespace(Operators.NAMESPACE).withName("sluice-certs");
    }

    private void restore(Map<String, String> data) {
        secret().edit(secret -> new SecretBuilder(secret).withData(data).build());
    }

    private void takeTheRightToTheSecret() {
        var before = role().get().getRules();
        try (Afterwards _ = () -> allow(before)) {
            allow(before.stream()
                    .filter(rule -> !rule.getResources().contains("secrets"))
                    .toList());
            onCall.awaitTold(FAILING);
        }
        onCall.awaitOver(FAILING);
    }

    private Resource<Role> role() {
        return client.rbac().roles().inNamespace(Operators.NAMESPACE).withName("sluice-operator");
    }

    private void allow(List<PolicyRule> rules) {
        role().edit(role -> new RoleBuilder(role).withRules(rules).build());
    }

    private Stream<Told> told(String alert, String channel) {
        return onCall.about(alert).stream().filter(each -> each.channel().equals(channel));
    }

    @Test
    void aCertificateThatEndsInTenDaysIsWarnedOfFirst() {
        assertThat(onCall.about(EXPIRING)).first().satisfies(told -> {
            assertThat(told.channel()).isEqualTo(WARNS);
            assertThat(told.text()).contains("serving certificate in sluice-system ends in 9d", "is not renewed");
        });
    }

    @Test
    void oneThatEndsInTwoDaysWakesWhoIsOnCall() {
        assertThat(told(EXPIRING, WAKES))
                .anySatisfy(told -> assertThat(told.text())
                        .contains("serving certificate in sluice-system ends in 1d", "is not renewed"));
    }

    @Test
    void theAuthorityThatEndsInAYearIsNotSpokenOf() {
        assertThat(onCall.about(EXPIRING))
                .noneSatisfy(told -> assertThat(told.text()).contains("authority certificate"));
    }

    @Test
    void aSecretThatMayNotBeReadIsWarnedOf() {
        assertThat(onCall.about(FAILING)).isNotEmpty().allSatisfy(told -> {
            assertThat(told.channel()).isEqualTo(WARNS);
            assertThat(told.text()).contains("replicas of the operator in sluice-system cannot read or renew");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {EXPIRING, FAILING})
    void saysWhereToReadOn(String alert) {
        assertThat(onCall.about(alert))
                .isNotEmpty()
                .allSatisfy(told ->
                        assertThat(told.text()).contains("docs/ONCALL_RUNBOOK.md#" + alert.toLowerCase(Locale.ROOT)));
    }
}
