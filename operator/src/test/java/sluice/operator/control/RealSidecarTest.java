package sluice.operator.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both halves of the stream together: the operator's server and the sidecar's own client. */
class RealSidecarTest {

    private static final TestCertificate CERTIFICATE = TestCertificate.create();
    private static final RolloutKey KEY = new RolloutKey("apps", "scholarship-api");
    private static final String DOCUMENT = """
            {"version":1,"rollout":{"namespace":"apps","name":"scholarship-api","uid":"6f0c"},"epoch":%d,"weight":%d,\
            "stable":{"revision":"off","backend":"Off"},\
            "candidate":{"revision":"3f9a0c12de","backend":"Memory","limits":[{"name":"all","tokens":%s,"periodMillis":1000,"burst":1}]},\
            "replicas":1%s}""";

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final FakeLeadership leadership = new FakeLeadership();
    private final Acks acks = new Acks();
    private final Streams streams = new Streams(acks);

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() throws Exception {
        for (var each : toClose.reversed()) {
            each.close();
        }
    }

    @Test
    void takesUpEveryChangeAndAcknowledgesIt() {
        publish(1, 0);
        var sidecar = sidecar(server().port());
        await().untilAsserted(() -> assertThat(ackedEpoch()).isEqualTo(1));

        publish(2, 10);

        await().untilAsserted(() -> assertThat(ackedEpoch()).isEqualTo(2));
        assertThat(sidecar.config().weight()).isEqualTo(10);
        assertThat(streams.connectedPods(KEY)).containsExactly("uid-a");
    }

    @Test
    void acknowledgesAgainWhenTheOperatorComesBackWithoutItsMemory() {
        publish(3, 10);
        var first = server();
        var port = first.port();
        sidecar(port);
        await().until(() -> ackedEpoch() == 3);

        first.close();
        var forgetful = new Acks();
        var again = new Streams(forgetful);
        again.publish(KEY, publication(3, 10, "5"));
        server(port, again, forgetful);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> forgetful.of("uid-a").map(Ack::epoch).orElse(0L) == 3);
    }

    @Test
    void saysWhyItRefusesAConfig() {
        publish(1, 0);
        sidecar(server().port());
        await().until(() -> ackedEpoch() == 1);

        streams.publish(KEY, publication(2, 0, "-1"));

        await().untilAsserted(
                        () -> assertThat(acks.of("uid-a").map(Ack::applied)).contains(false));
        assertThat(acks.of("uid-a").orElseThrow().reason()).contains("tokens");
    }

    @Test
    void leavesTheCandidateWhenNobodyVouchesForItAndComesBackWhenSomebodyDoes() {
        streams.publish(
                KEY,
                new Publication(
                        1, DOCUMENT.formatted(1, 10, "5", ",\"deadManSwitchSeconds\":1"), Duration.ofSeconds(1)));
        var sidecar = sidecar(server().port());

        await().until(sidecar::leaseLost);
        await().until(() -> {
            streams.evaluated(KEY, Instant.now());
            return !sidecar.leaseLost();
        });
    }

    @Test
    void handsOverItsFailuresWhenItLeavesTheCandidate() {
        publish(1, 10);
        sidecar(server().port(), () -> List.of("503 /api"));
        await().until(() -> ackedEpoch() == 1);
        assertThat(acks.of("uid-a").map(Ack::failures)).contains(List.of());

        publish(2, 0);

        await().until(() -> ackedEpoch() == 2);
        assertThat(acks.of("uid-a").map(Ack::failures)).contains(List.of("503 /api"));
    }

    @Test
    void acknowledgesEvenWhenItCannotTellOfItsFailures() {
        publish(1, 0);
        sidecar(server().port(), () -> {
            throw new IllegalStateException("the log is broken");
        });

        await().until(() -> ackedEpoch() == 1);
    }

    private long ackedEpoch() {
        return acks.of("uid-a").map(Ack::epoch).orElse(0L);
    }

    private void publish(long epoch, int weight) {
        streams.publish(KEY, publication(epoch, weight, "5"));
    }

    private static Publication publication(long epoch, int weight, String tokens) {
        return new Publication(epoch, DOCUMENT.formatted(epoch, weight, tokens, ""), Duration.ofMinutes(2));
    }

    private ControlServer server() {
        return server(0, streams, acks);
    }

    private ControlServer server(int port, Streams served, Acks recorded) {
        var server = new ControlServer(
                port,
                CERTIFICATE.server(),
                leadership,
                token -> Optional.of(new PodIdentity("apps", "a", "uid-a")),
                pod -> Optional.of(KEY),
                served,
                recorded,
                Duration.ofMillis(50),
                changed -> {});
        toClose.add(server);
        return server;
    }

    private TestSidecar sidecar(int port) {
        return sidecar(port, List::of);
    }

    private TestSidecar sidecar(int port, Supplier<List<String>> failures) {
        var sidecar = new TestSidecar(folder, CERTIFICATE, port, "token", failures);
        toClose.add(sidecar);
        return sidecar;
    }
}
