package sluice.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.notify.SlackReceiver;
import sluice.operator.testing.RealApiServer;

/** Two replicas as processes of their own, with the times of an installation, so that one can really be killed. */
class OperatorMainIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final List<Replica> replicas = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    private String own = "";

    /** One process. */
    private record Replica(Process process, int health, Path log) {

        String get(String path) {
            try {
                var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + health + path))
                        .timeout(Duration.ofSeconds(2))
                        .build();
                var response = HTTP.send(request, BodyHandlers.ofString());
                return response.statusCode() == 200 ? response.body() : "";
            } catch (IOException notYet) {
                return "";
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean isReady() {
            return !get("/readyz").isEmpty();
        }

        boolean leads() {
            return get("/metrics").contains("sluice_operator_leader 1.0");
        }
    }

    @BeforeEach
    void namespace() {
        own = API.newNamespace("sluice-system");
        API.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(own)
                        .withName("sluice-certs")
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterEach
    void end() throws InterruptedException {
        for (var replica : replicas) {
            replica.process().destroyForcibly().waitFor();
        }
    }

    @Test
    void theStandbyLeadsWithinTwentySecondsOfTheLeadersKill() {
        var first = start("first");
        await().atMost(Duration.ofSeconds(60)).until(first::leads);
        var second = start("second");
        await().atMost(Duration.ofSeconds(60)).until(second::isReady);
        assertThat(second.leads()).isFalse();

        first.process().destroyForcibly();

        await().atMost(Duration.ofSeconds(20)).until(second::leads);
        try (var world = new TestNamespace(API.client(), API.newNamespace("apps"), folder)) {
            world.apply("tokens: 100");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> world.rollout().get().getStatus() != null);
        }
    }

    @Test
    void givesTheLeaseBackWhenItIsAskedToEnd() throws InterruptedException {
        var first = start("first");
        await().atMost(Duration.ofSeconds(60)).until(first::leads);
        var second = start("second");
        await().atMost(Duration.ofSeconds(60)).until(second::isReady);

        first.process().destroy();

        await().atMost(Duration.ofSeconds(10)).until(second::leads);
        assertThat(first.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsWhenTheLeaseIsAnothers() throws InterruptedException {
        var replica = start("deposed");
        await().atMost(Duration.ofSeconds(60)).until(replica::leads);

        // The replica may be renewing at the same moment; whoever is second tries again.
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            API.client()
                    .leases()
                    .inNamespace(own)
                    .withName("sluice-operator")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\":{\"holderIdentity\":\"another\",\"renewTime\":\"%s\"}}"
                                    .formatted(ZonedDateTime.now(ZoneOffset.UTC)
                                            .plusMinutes(1)
                                            .format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'"))));
            return replica.process().waitFor(3, TimeUnit.SECONDS) || !replica.leads();
        });

        assertThat(replica.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
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
        assertThat(log(replica)).contains("\"decision\":\"Inject\"").contains("\"type\":\"LOG\"");
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
            await().atMost(Duration.ofSeconds(60)).until(() -> log(first).contains("Slack answered 503"));

            first.process().destroyForcibly();
            slack.answers(SlackReceiver.TAKEN);
            var second = start("second", config);

            var started = world.name() + "/scholarship-api: started\n";
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> slack.texts().stream().anyMatch(text -> text.startsWith(started)));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> world.rollout().get().getStatus().pendingNotifications() == null);
            assertThat(second.get("/metrics"))
                    .contains("sluice_operator_notifications_total{result=\"sent\"}")
                    .doesNotContain("sluice_operator_notifications_total{result=\"sent\"} 0.0");
            assertThat(log(first)
                            + log(second)
                            + Serialization.asJson(world.rollout().get()))
                    .doesNotContain("canary");
        }
    }

    @Test
    void saysWhatIsWrongWithItsConfigurationAndEnds() throws Exception {
        var config = Files.writeString(folder.resolve("bad.yaml"), "namespace: " + own + "\nsidecarImage: x\n");
        var replica = run("bad", config, 0);

        assertThat(replica.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(replica.process().exitValue()).isEqualTo(2);
        assertThat(log(replica)).contains("controlUrl: is missing; set it");
    }

    private static String log(Replica replica) {
        try {
            return Files.readString(replica.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Replica start(String name) {
        return start(name, "");
    }

    private Replica start(String name, String more) {
        var health = freePort();
        var text = """
                namespace: %s
                sidecarImage: sluice/limiter-sidecar:0.1.0
                prometheus: {providers: {default: {url: "http://127.0.0.1:%d", scrapeInterval: 500ms}}}
                controlUrl: https://sluice-control.%s.svc:9443
                ports: {webhook: %d, control: %d, health: %d}
                """.formatted(own, freePort(), own, freePort(), freePort(), health) + more;
        try {
            return run(name, Files.writeString(folder.resolve(name + ".yaml"), text), health);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Replica run(String name, Path config, int health) throws IOException {
        var log = folder.resolve(name + ".log");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        mainClassPath(),
                        "sluice.operator.OperatorMain",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("POD_NAME", name);
        environment.put("KUBERNETES_MASTER", API.config().getMasterUrl());
        environment.put("KUBERNETES_CERTS_CA_FILE", API.config().getCaCertFile());
        environment.put("KUBERNETES_AUTH_TOKEN", API.config().getOauthToken());
        environment.put("KUBECONFIG", folder.resolve("none").toString());
        var replica = new Replica(builder.start(), health, log);
        replicas.add(replica);
        return replica;
    }

    /** The logging of tests is for tests. */
    private static String mainClassPath() {
        // Without the sidecar too: it is on the tests' path only, and sets logging up its own way.
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.contains("limiter-sidecar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
