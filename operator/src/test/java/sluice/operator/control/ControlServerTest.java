package sluice.operator.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream over real TLS. */
class ControlServerTest {

    private static final TestCertificate CERTIFICATE = TestCertificate.create();
    private static final RolloutKey SCHOLARSHIP = new RolloutKey("apps", "scholarship-api");
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final String STREAM_REQUEST =
            "GET /v1/stream?versions=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token-a\r\n\r\n";

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final FakeLeadership leadership = new FakeLeadership();
    private final Map<String, PodIdentity> tokens = new ConcurrentHashMap<>(Map.of(
            "token-a", new PodIdentity("apps", "a", "uid-a"),
            "token-b", new PodIdentity("apps", "b", "uid-b"),
            "token-stranger", new PodIdentity("apps", "stranger", "uid-stranger")));
    private final Map<String, RolloutKey> pods =
            new ConcurrentHashMap<>(Map.of("uid-a", SCHOLARSHIP, "uid-b", SCHOLARSHIP));
    private final List<RolloutKey> changes = new CopyOnWriteArrayList<>();
    private final List<Duration> answers = new CopyOnWriteArrayList<>();
    private final AtomicLong nanoTime = new AtomicLong();
    private final Acks acks = new Acks();
    private final Streams streams = new Streams(acks, nanoTime::get);

    @AfterEach
    void close() throws Exception {
        for (var each : toClose.reversed()) {
            each.close();
        }
    }

    @Test
    void sendsTheConfigAtOnceAndEveryChangeOfIt() {
        var server = server(leadership);
        publish(7, "{\"epoch\":7}");
        var sidecar = sidecar(server, "token-a");

        assertThat(sidecar.open()).isEqualTo(200);
        await().until(() -> sidecar.configs().size() == 1);
        publish(8, "{\"epoch\":8}");

        await().untilAsserted(() -> assertThat(sidecar.configs())
                .containsExactly(
                        "{\"type\":\"config\",\"config\":{\"epoch\":7}}",
                        "{\"type\":\"config\",\"config\":{\"epoch\":8}}"));
        assertThat(streams.connectedPods(SCHOLARSHIP)).containsExactly("uid-a");
    }

    @Test
    void doesNotRepeatAConfigThatDidNotChange() {
        var sidecar = connected();
        publish(7, "{\"epoch\":7}");
        publish(7, "{\"epoch\":7}");
        publish(9, "{\"epoch\":9}");

        await().until(() -> sidecar.configs().size() >= 2);
        assertThat(sidecar.configs()).hasSize(2);
    }

    @Test
    void recordsAcknowledgementsAndSaysThatSomethingChanged() {
        var sidecar = connected();
        changes.clear();

        assertThat(sidecar.ack("{\"epoch\":7,\"applied\":true}")).isEqualTo(204);

        var ack = acks.of("uid-a").orElseThrow();
        assertThat(ack.epoch()).isEqualTo(7);
        assertThat(ack.applied()).isTrue();
        assertThat(changes).containsExactly(SCHOLARSHIP);
    }

    @Test
    void recordsARefusalWithItsReasonFreedOfControlCharacters() {
        var sidecar = connected();

        assertThat(sidecar.ack("{\"epoch\":7,\"applied\":false,\"reason\":\"limits[0].burst:\\u001b too low\"}"))
                .isEqualTo(204);

        assertThat(acks.of("uid-a").orElseThrow().reason()).isEqualTo("limits[0].burst:  too low");
    }

    @Test
    void takesAcknowledgementsOnTheStreamsOwnConnectionAndGoesOnStreaming() throws Exception {
        var tls = streamOnSocket();
        var out = tls.getOutputStream();
        out.write(ackRequest("{\"epoch\":7,\"applied\":true}"));
        out.write(ackRequest("{\"epoch\":8,\"applied\":false,\"reason\":\"no\"}"));

        await().until(() -> acks.of("uid-a").map(Ack::epoch).orElse(0L) == 8);
        assertThat(acks.of("uid-a").orElseThrow().applied()).isFalse();
        assertThat(changes).contains(SCHOLARSHIP);
        publish(9, "{\"epoch\":9}");
        var lines = new BufferedReader(new InputStreamReader(tls.getInputStream(), StandardCharsets.UTF_8)).lines();
        assertThat(lines.takeWhile(line -> !line.contains("\"epoch\":9")))
                .filteredOn(line -> line.startsWith("HTTP/1.1"))
                .containsExactly("HTTP/1.1 200 OK");
    }

    @Test
    void saysHowLongTheFirstAnswerToTheNewestConfigTook() throws Exception {
        var tls = streamOnSocket();
        var lines = new BufferedReader(new InputStreamReader(tls.getInputStream(), StandardCharsets.UTF_8)).lines();
        assertThat(lines.filter(line -> line.contains("\"epoch\":7")).findFirst())
                .isPresent();
        var out = tls.getOutputStream();

        out.write(ackRequest("{\"epoch\":6,\"applied\":true}"));
        out.write(ackRequest("{\"epoch\":7,\"applied\":false,\"reason\":\"no\"}"));
        out.write(ackRequest("{\"epoch\":7,\"applied\":true}"));
        out.write(ackRequest("{\"epoch\":8,\"applied\":true}"));

        await().until(() -> acks.of("uid-a").map(Ack::epoch).orElse(0L) == 8);
        assertThat(answers).singleElement().matches(Duration::isPositive);
    }

    @Test
    void takesAsManyAcknowledgementsOnOneStreamAsItLives() throws Exception {
        var out = streamOnSocket().getOutputStream();

        for (int epoch = 8; epoch <= 400; epoch++) {
            out.write(ackRequest("{\"epoch\":%d,\"applied\":true}".formatted(epoch)));
        }

        await().until(() -> acks.of("uid-a").map(Ack::epoch).orElse(0L) == 400);
        assertThat(streams.open()).isEqualTo(1);
    }

    @Test
    void anAcknowledgementThatIsGivenAgainIsAsOldAsItWasAndNoNews() {
        var sidecar = connected();
        sidecar.ack("{\"epoch\":7,\"applied\":true}");
        var first = acks.of("uid-a").orElseThrow();
        changes.clear();

        assertThat(sidecar.ack("{\"epoch\":7,\"applied\":true}")).isEqualTo(204);

        assertThat(acks.of("uid-a")).contains(first);
        assertThat(changes).isEmpty();
    }

    @Test
    void hangsUpOnWhoAsksTwiceBeforeItIsKnownWhoAsks() throws Exception {
        var server = server(leadership);
        publish(7, "{\"epoch\":7}");
        var socket = new Socket("localhost", server.port());
        toClose.add(socket);
        var tls = CERTIFICATE.client().getSocketFactory().createSocket(socket, "localhost", server.port(), true);

        tls.getOutputStream().write((STREAM_REQUEST + STREAM_REQUEST).getBytes(StandardCharsets.US_ASCII));

        assertThat(tls.getInputStream().readAllBytes()).isEmpty();
        assertThat(streams.open()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"epoch\":\"seven\"}", "nonsense"})
    void endsAStreamThatSaysAnythingElse(String body) throws Exception {
        var tls = streamOnSocket();

        tls.getOutputStream().write(ackRequest(body));

        await().until(() -> streams.open() == 0);
        assertThat(acks.of("uid-a")).isEmpty();
    }

    @Test
    void opensNoSecondStreamOnOneConnection() throws Exception {
        var tls = streamOnSocket();

        tls.getOutputStream().write(STREAM_REQUEST.getBytes(StandardCharsets.US_ASCII));

        await().until(() -> streams.open() == 0);
    }

    @Test
    void refusesAnAcknowledgementThatIsNone() {
        var sidecar = connected();

        assertThat(sidecar.ack("{\"epoch\":\"seven\"}")).isEqualTo(400);
        assertThat(sidecar.ack("nonsense")).isEqualTo(400);
        assertThat(sidecar.ack("x".repeat(20_000))).isEqualTo(413);
        assertThat(acks.of("uid-a")).isEmpty();
    }

    @Test
    void refusesWhoIsNotKnown() {
        var server = server(leadership);
        publish(7, "{\"epoch\":7}");

        assertThat(sidecar(server, "forged").open()).isEqualTo(401);
        assertThat(sidecar(server, "token-stranger").open()).isEqualTo(403);
        assertThat(sidecar(server, "token-stranger").ack("{\"epoch\":7,\"applied\":true}"))
                .isEqualTo(403);
        assertThat(streams.open()).isZero();
    }

    @Test
    void saysThatThereIsNoConfigYet() {
        assertThat(sidecar(server(leadership), "token-a").open()).isEqualTo(503);
    }

    @Test
    void refusesASidecarThatDoesNotSpeakItsVersion() {
        var server = server(leadership);
        publish(7, "{\"epoch\":7}");

        assertThat(sidecar(server, "token-a").open("?versions=2,3")).isEqualTo(406);
        assertThat(sidecar(server, "token-a").open("?versions=1,2")).isEqualTo(200);
    }

    @Test
    void theStandbySendsSidecarsToTheNextAddress() {
        var standby = new FakeLeadership();
        standby.leads = false;
        publish(7, "{\"epoch\":7}");
        var leading = server(leadership);

        assertThat(sidecar(server(standby), "token-a").open()).isEqualTo(421);
        assertThat(sidecar(leading, "token-a").open()).isEqualTo(200);
    }

    @Test
    void endsTheStreamsWhenItLeadsNoLonger() {
        var sidecar = connected();

        leadership.leads = false;

        await().until(sidecar::ended);
        await().until(() -> streams.open() == 0);
    }

    @Test
    void sendsHeartbeatsForWhatWasEvaluated() {
        var sidecar = connected();
        streams.evaluated(SCHOLARSHIP, Instant.parse("2026-01-01T00:00:00Z"));

        await().until(() -> sidecar.heartbeats().size() >= 2);
        assertThat(sidecar.heartbeats().getFirst())
                .contains("\"evaluatedAt\":\"2026-01-01T00:00:00Z\"")
                .contains("\"leaseSeconds\":120");
    }

    @Test
    void vouchesForNothingBeforeTheFirstEvaluation() {
        var sidecar = connected();

        // Another rollout's sidecar hears that hearts beat; this one must not have heard any by then.
        awaitBeatsElsewhere();

        assertThat(sidecar.heartbeats()).isEmpty();
    }

    @Test
    void stopsHeartbeatsWhileTheLeaseIsStale() {
        var sidecar = connected();
        streams.evaluated(SCHOLARSHIP, Instant.EPOCH);
        await().until(() -> !sidecar.heartbeats().isEmpty());

        leadership.fresh = false;
        // One that was under way may still come.
        var beats = new AtomicInteger();
        await().during(Duration.ofMillis(300)).until(() -> {
            var before = beats.getAndSet(sidecar.heartbeats().size());
            return beats.get() == before;
        });

        leadership.fresh = true;
        await().until(() -> sidecar.heartbeats().size() > beats.get());
    }

    @Test
    void stopsHeartbeatsWhenEvaluationStoppedForLongerThanTheDeadManSwitch() {
        var sidecar = connected();
        streams.evaluated(SCHOLARSHIP, Instant.EPOCH);
        await().until(() -> !sidecar.heartbeats().isEmpty());

        nanoTime.addAndGet(LEASE.plusSeconds(1).toNanos());
        awaitBeatsElsewhere();
        var beats = sidecar.heartbeats().size();
        awaitBeatsElsewhere();

        assertThat(sidecar.heartbeats()).hasSize(beats);
    }

    @Test
    void ofTwoStreamsOfOnePodTheNewerWins() {
        var server = server(leadership);
        publish(7, "{\"epoch\":7}");
        var older = sidecar(server, "token-a");
        older.open();
        var newer = sidecar(server, "token-a");
        newer.open();

        await().until(older::ended);
        publish(8, "{\"epoch\":8}");
        await().until(() -> newer.configs().size() == 2);
        assertThat(streams.open()).isEqualTo(1);
    }

    @Test
    void forgetsPodsThatAreGone() {
        var sidecar = connected();
        sidecar.ack("{\"epoch\":7,\"applied\":true}");
        streams.retain(SCHOLARSHIP, Set.of("uid-a"));

        streams.retain(SCHOLARSHIP, Set.of("uid-b"));

        await().until(sidecar::ended);
        assertThat(acks.of("uid-a")).isEmpty();
    }

    @Test
    void keepsAStreamWhosePodIsNotSeenYet() {
        var sidecar = connected();
        sidecar.ack("{\"epoch\":7,\"applied\":true}");

        streams.retain(SCHOLARSHIP, Set.of("uid-b"));
        publish(8, "{\"epoch\":8}");

        await().until(() -> sidecar.configs().size() == 2);
        assertThat(acks.of("uid-a")).isPresent();
    }

    @Test
    void givesUpAPeerThatTakesNothingMore() throws Exception {
        var server = server(leadership);
        publish(7, "{\"epoch\":7}");
        streams.evaluated(SCHOLARSHIP, Instant.EPOCH);
        var socket = new Socket();
        toClose.add(socket);
        // Small, so that what is not read is not taken either: to the operator as if the network were broken.
        socket.setReceiveBufferSize(1024);
        socket.connect(new InetSocketAddress("localhost", server.port()));
        openStream(socket, server);

        await().atMost(Duration.ofMinutes(1)).until(() -> streams.open() == 0);
    }

    private Socket streamOnSocket() throws IOException {
        var server = server(leadership);
        publish(7, "{\"epoch\":7}");
        var socket = new Socket("localhost", server.port());
        toClose.add(socket);
        return openStream(socket, server);
    }

    private Socket openStream(Socket socket, ControlServer server) throws IOException {
        var tls = CERTIFICATE.client().getSocketFactory().createSocket(socket, "localhost", server.port(), true);
        tls.getOutputStream().write(STREAM_REQUEST.getBytes(StandardCharsets.US_ASCII));
        await().until(() -> streams.open() == 1);
        return tls;
    }

    private static byte[] ackRequest(String body) {
        return "POST /v1/ack HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private StreamClient connected() {
        var server = server(leadership);
        publish(7, "{\"epoch\":7}");
        var sidecar = sidecar(server, "token-a");
        assertThat(sidecar.open()).isEqualTo(200);
        // The config may be here before the server has said that a stream is open.
        await().until(() -> !sidecar.configs().isEmpty() && !changes.isEmpty());
        return sidecar;
    }

    private void awaitBeatsElsewhere() {
        var other = new RolloutKey("other", "rollout");
        tokens.put("token-other", new PodIdentity("other", "pod", "uid-other"));
        pods.put("uid-other", other);
        streams.publish(other, new Publication(1, "{}", LEASE));
        streams.evaluated(other, Instant.EPOCH);
        var sidecar = sidecar(server(leadership), "token-other");
        sidecar.open();
        await().until(() -> sidecar.heartbeats().size() >= 3);
    }

    private void publish(long epoch, String config) {
        streams.publish(SCHOLARSHIP, new Publication(epoch, config, LEASE));
    }

    private ControlServer server(Leadership leader) {
        var server = new ControlServer(
                0,
                CERTIFICATE.server(),
                leader,
                token -> Optional.ofNullable(tokens.get(token)),
                pod -> Optional.ofNullable(pods.get(pod.uid())),
                streams,
                acks,
                Duration.ofMillis(20),
                new StreamWatcher() {
                    @Override
                    public void changed(RolloutKey rollout) {
                        changes.add(rollout);
                    }

                    @Override
                    public void answered(Duration after) {
                        answers.add(after);
                    }
                });
        toClose.add(server);
        return server;
    }

    private StreamClient sidecar(ControlServer server, String token) {
        var client = new StreamClient(CERTIFICATE, server.port(), token);
        toClose.add(client);
        return client;
    }
}
