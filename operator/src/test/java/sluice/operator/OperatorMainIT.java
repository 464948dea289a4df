package sluice.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.kubernetes.LeaseElection;
import sluice.operator.networks.MmdbFile;
import sluice.operator.notify.SlackReceiver;
import sluice.operator.prometheus.FakePrometheus;
import sluice.operator.testing.FreePort;
import sluice.operator.testing.RealApiServer;
import sluice.operator.testing.Replica;
import sluice.operator.testing.Replicas;

/** Two replicas as processes of their own, with the times of an installation, so that one can really be killed. */
class OperatorMainIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    @TempDir
    private Path folder = Path.of("");

    private Optional<Replicas> installation = Optional.empty();

    @BeforeEach
    void install() {
        installation = Optional.of(new Replicas(API, folder));
    }

    @AfterEach
    void end() {
        installation.ifPresent(Replicas::close);
    }

    @Test
    void theStandbyLeadsSoonAfterTheLeadersKill() {
        var first = start("first");
        await().atMost(Duration.ofSeconds(60)).until(first::leads);
        var second = start("second");
        await().atMost(Duration.ofSeconds(60)).until(second::isReady);
        assertThat(second.leads()).isFalse();

        first.kill();
        var killed = Instant.now();

        await().atMost(Duration.ofSeconds(60)).until(second::leads);
        // By the Lease: how long it takes until somebody looks is not the replica's. At most 19.4 s by design, which
        // KillScaleIT prints.
        var taken = Optional.ofNullable(lease().getSpec().getAcquireTime()).orElseThrow();
        assertThat(Duration.between(killed, taken)).isLessThan(Duration.ofSeconds(40));
        try (var world = new TestNamespace(API.client(), API.newNamespace("apps"), folder)) {
            world.apply("tokens: 100");
            await().until(() -> world.rollout().get().getStatus() != null);
        }
    }

    @Test
    void givesTheLeaseBackWhenItIsAskedToEnd() throws InterruptedException {
        var first = start("first");
        await().atMost(Duration.ofSeconds(60)).until(first::leads);
        var second = start("second");
        await().atMost(Duration.ofSeconds(60)).until(second::isReady);

        first.process().destroy();

        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(lease().getSpec().getHolderIdentity()).isNotEqualTo("first");
        await().atMost(Duration.ofSeconds(60)).until(second::leads);
    }

    @Test
    void endsWhenTheLeaseIsAnothers() throws InterruptedException {
        var replica = start("deposed");
        await().atMost(Duration.ofSeconds(60)).until(replica::leads);

        // The replica may be renewing at the same moment; whoever is second tries again.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            leaseResource()
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\":{\"holderIdentity\":\"another\",\"renewTime\":\"%s\"}}"
                                    .formatted(ZonedDateTime.now(ZoneOffset.UTC)
                                            .plusMinutes(1)
                                            .format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'"))));
            return replica.process().waitFor(3, TimeUnit.SECONDS) || !replica.leads();
        });

        assertThat(replica.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(replica.process().exitValue()).isEqualTo(1);
    }

    @Test
    void reconcilesWhatIsThere() {
        var replica = start("only");
        try (var world = new TestNamespace(API.client(), API.newNamespace("apps"), folder)) {
            world.apply("tokens: 100");

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> world.templateLabels().containsKey(InjectionLabel.key()));
            var bootstrap = API.client()
                    .configMaps()
                    .inNamespace(world.name())
                    .withName("scholarship-api-limiter")
                    .get();
            assertThat(bootstrap.getData().get("ca.crt")).startsWith("-----BEGIN CERTIFICATE-----");
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            replica.get("/metrics").contains("sluice_operator_rollout_condition{condition=\"Ready\""));
        }
        assertThat(replica.get("/metrics"))
                .contains("sluice_operator_reconciles_total{result=\"ok\"}")
                .contains("sluice_operator_evaluation_seconds_count")
                .contains("jvm_memory_used_bytes");
        assertThat(replica.log()).contains("\"decision\":\"Inject\"").contains("\"type\":\"LOG\"");
    }

    @Test
    void tellsSlackWhatAKilledReplicaCouldNot() throws IOException {
        try (var slack = new SlackReceiver();
                var world = new TestNamespace(API.client(), API.newNamespace("apps"), folder)) {
            slack.answers(SlackReceiver.Reply.of(503, ""));
            var token = Files.writeString(folder.resolve("token"), "xoxb-canary");
            var config = "slack: {tokenFile: %s, url: \"%s\"}\n".formatted(token, slack.url());
            var first = start("first", config);
            world.apply("tokens: 100", "notifications: {slack: {channel: '#oncall'}}");
            await().atMost(Duration.ofSeconds(60)).until(() -> first.log().contains("Slack answered 503"));

            first.kill();
            slack.answers(SlackReceiver.TAKEN);
            var second = start("second", config);

            var started = world.name() + "/scholarship-api: started\n";
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> slack.texts().stream().anyMatch(text -> text.startsWith(started)));
            await().until(() -> world.rollout().get().getStatus().pendingNotifications() == null);
            assertThat(second.get("/metrics"))
                    .contains("sluice_operator_notifications_total{result=\"sent\"}")
                    .doesNotContain("sluice_operator_notifications_total{result=\"sent\"} 0.0");
            assertThat(first.log()
                            + second.log()
                            + Serialization.asJson(world.rollout().get()))
                    .doesNotContain("canary");
        }
    }

    @Test
    void saysWhoseTheNetworksAreThatTheWafBlocks() throws IOException {
        var file = Files.write(
                folder.resolve("asn.mmdb"),
                new MmdbFile("ASN").asn("203.0.113.0/24", 64500, "Example").bytes());
        var blocked = FakePrometheus.body(
                "{\"status\": \"success\", \"data\": {\"resultType\": \"vector\", \"result\": [{\"metric\": {\"network\": \"203.0.113.0/24\"}, \"value\": [1, \"3\"]}]}}");
        try (var prometheus = new FakePrometheus(blocked)) {
            var replica = replicas()
                    .start(
                            "only",
                            "prometheus: {providers: {default: {url: '%s', scrapeInterval: 15s}}}\nasn: {file: %s}\n"
                                    .formatted(prometheus.url(), file));
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> replica.get("/metrics")
                                    .contains(
                                            "sluice_operator_network_asn{asn=\"AS64500\",network=\"203.0.113.0/24\",organization=\"Example\"} 1"));
        }
    }

    @Test
    void saysWhatIsWrongWithItsConfigurationAndEnds() throws Exception {
        var config = Files.writeString(folder.resolve("bad.yaml"), "namespace: sluice-system\nsidecarImage: x\n");
        var replica = replicas().startWith("bad", config);

        assertThat(replica.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(replica.process().exitValue()).isEqualTo(2);
        assertThat(replica.log()).contains("controlUrl: is missing; set it");
    }

    private Replica start(String name) {
        return start(name, "");
    }

    private Replica start(String name, String more) {
        var prometheus = "prometheus: {providers: {default: {url: 'http://127.0.0.1:%d', scrapeInterval: 500ms}}}\n"
                .formatted(FreePort.find());
        return replicas().start(name, prometheus + more);
    }

    private Resource<Lease> leaseResource() {
        return API.client().leases().inNamespace(replicas().namespace()).withName(LeaseElection.LEASE);
    }

    private Lease lease() {
        return leaseResource().get();
    }

    private Replicas replicas() {
        return installation.orElseThrow();
    }
}
