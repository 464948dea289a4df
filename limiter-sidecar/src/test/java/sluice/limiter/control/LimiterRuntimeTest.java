package sluice.limiter.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.config.ConfigReader;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.LimiterConfigParser;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.RequestHead;

/** The runtime against a bootstrap file and an operator on TLS in this process. */
class LimiterRuntimeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestCertificate CERTIFICATE = TestCertificate.forHost("localhost");

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private FakeOperator operator;
    private Path folder;
    private Optional<LimiterRuntime> runtime = Optional.empty();

    @BeforeEach
    void prepare(@TempDir Path temporary) throws IOException {
        folder = temporary;
        operator = new FakeOperator(CERTIFICATE);
        Files.writeString(folder.resolve("ca.crt"), CERTIFICATE.pem());
        Files.writeString(folder.resolve("token"), "token-1\n");
    }

    @AfterEach
    void end() {
        runtime.ifPresent(LimiterRuntime::close);
        operator.close();
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static String config(long epoch, int weight, String more) {
        return """
                {"version": 1, "rollout": {"namespace": "apps", "name": "api", "uid": "6f0c"}, "epoch": %d, "weight": %d,
                 "stable": {"revision": "off", "backend": "Off"},
                 "candidate": {"revision": "new", "backend": "Memory", "limits": []},
                 "replicas": 1 %s}
                """.formatted(epoch, weight, more);
    }

    private static String config(long epoch) {
        return config(epoch, 0, "");
    }

    private static String leased(long epoch, int seconds) {
        return config(epoch, 100, ", \"deadManSwitchSeconds\": " + seconds);
    }

    private void bootstrap(String config) {
        try {
            Files.writeString(folder.resolve("limiter.json"), config);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private LimiterRuntime start(Optional<URI> url) {
        return start(url, InetAddress::getAllByName);
    }

    private LimiterRuntime start(Optional<URI> url, ControlClient.Names names) {
        return start(url, names, LimiterConfigParser::parse);
    }

    private LimiterRuntime start(Optional<URI> url, ControlClient.Names names, ConfigReader reader) {
        var settings = new RuntimeSettings(
                folder.resolve("limiter.json"),
                reader,
                url,
                Optional.of(folder.resolve("token")),
                folder.resolve("secrets"));
        var started = LimiterRuntime.start(settings, new SimpleMeterRegistry(), loop, List::of, names);
        runtime = Optional.of(started);
        return started;
    }

    private LimiterRuntime startWithOperator() {
        var started = start(Optional.of(operator.url()));
        await().atMost(PATIENCE).until(() -> operator.streams() == 1);
        return started;
    }

    private void awaitEpoch(LimiterRuntime runtime, long epoch) {
        await().atMost(PATIENCE).until(() -> runtime.config().current().epoch() == epoch);
    }

    private Judgement ask(LimiterRuntime runtime) {
        var judged = new CompletableFuture<Judgement>();
        var head = new RequestHead("GET", "/", new DefaultHttpHeaders(), InetAddress.getLoopbackAddress());
        loop.execute(() -> runtime.judge().judge(head, loop, judged::complete));
        return judged.join();
    }

    @Test
    void refusesAFileThatIsNoText() throws IOException {
        bootstrap(config(3));
        var sidecar = start(Optional.empty());
        Files.write(folder.resolve("limiter.json"), new byte[] {'{', (byte) 0xe9, '}'});
        await().atMost(PATIENCE).until(sidecar::configRefused);
        assertThat(sidecar.config().current().epoch()).isEqualTo(3);
        bootstrap(config(4));
        await().atMost(PATIENCE).until(() -> !sidecar.configRefused());
        assertThat(sidecar.config().current().epoch()).isEqualTo(4);
    }

    @Test
    void looksAtTheNextFileWhateverTheOneBeforeDidToItsReader() {
        bootstrap(config(3));
        var sidecar = start(Optional.empty(), InetAddress::getAllByName, text -> {
            if (text.equals("deep")) {
                throw new StackOverflowError();
            }
            return LimiterConfigParser.parse(text);
        });

        bootstrap("deep");
        await().atMost(PATIENCE).until(sidecar::configRefused);
        assertThat(sidecar.config().current().epoch()).isEqualTo(3);

        bootstrap(config(4));
        awaitEpoch(sidecar, 4);
        assertThat(sidecar.configRefused()).isFalse();
    }

    @Test
    void passesThroughUntilABootstrapFileAppears() {
        var sidecar = start(Optional.empty());
        assertThat(sidecar.config().current()).isEqualTo(LimiterConfig.passThrough());
        assertThat(ask(sidecar).revision()).isEqualTo("off");

        bootstrap(config(3));

        awaitEpoch(sidecar, 3);
    }

    @Test
    void keepsWhatItHasWhenTheFileIsWrongOrOlder() {
        bootstrap(config(3));
        var sidecar = start(Optional.empty());
        assertThat(sidecar.config().current().epoch()).isEqualTo(3);

        bootstrap("{");
        bootstrap(config(2));
        bootstrap(config(4));

        awaitEpoch(sidecar, 4);
    }

    @Test
    void followsTheLinksThatKubeletSwaps() throws IOException {
        var data = folder.resolve("..data");
        Files.writeString(Files.createDirectory(folder.resolve("one")).resolve("limiter.json"), config(1));
        Files.writeString(Files.createDirectory(folder.resolve("two")).resolve("limiter.json"), config(2));
        Files.createSymbolicLink(data, folder.resolve("one"));
        Files.createSymbolicLink(folder.resolve("limiter.json"), data.resolve("limiter.json"));
        var sidecar = start(Optional.empty());
        assertThat(sidecar.config().current().epoch()).isEqualTo(1);

        Files.createSymbolicLink(folder.resolve("..next"), folder.resolve("two"));
        Files.move(folder.resolve("..next"), data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        awaitEpoch(sidecar, 2);
    }

    @Test
    void takesTheStreamsConfigurationUpAndAcknowledgesIt() {
        operator.greetWith(config(5));
        var sidecar = startWithOperator();

        awaitEpoch(sidecar, 5);
        await().atMost(PATIENCE).until(() -> operator.acks().contains("{\"epoch\":5,\"applied\":true}"));

        operator.config(config(6));
        awaitEpoch(sidecar, 6);
        await().atMost(PATIENCE).until(() -> operator.acks().contains("{\"epoch\":6,\"applied\":true}"));
        assertThat(operator.tokens()).containsOnly("Bearer token-1");
    }

    @Test
    void tellsListenersOfEachConfigurationInOrder() {
        operator.greetWith(config(5));
        var sidecar = start(Optional.of(operator.url()));
        var epochs = new CopyOnWriteArrayList<Long>();
        sidecar.config().onChange(config -> epochs.add(config.epoch()));
        awaitEpoch(sidecar, 5);
        operator.config(config(6));
        awaitEpoch(sidecar, 6);

        assertThat(epochs).endsWith(5L, 6L).isSorted();
    }

    @Test
    void refusesABadConfigurationWithTheReasonAndKeepsTheOneBefore() {
        operator.greetWith(config(5));
        var sidecar = startWithOperator();
        awaitEpoch(sidecar, 5);

        operator.config(config(6).replace("\"replicas\": 1", "\"replicas\": 0"));

        await().atMost(PATIENCE)
                .until(() -> operator.acks()
                        .contains("{\"epoch\":6,\"applied\":false,\"reason\":\"replicas: must be at least 1, is 0\"}"));
        assertThat(sidecar.config().current().epoch()).isEqualTo(5);
    }

    @Test
    void leavesTheCanaryWhileItDoesNotUnderstandTheOperatorsNewestWord() {
        operator.greetWith(leased(5, 600));
        var sidecar = startWithOperator();
        operator.heartbeat();
        await().atMost(PATIENCE).until(() -> ask(sidecar).arm() == Arm.CANDIDATE);

        operator.config(config(6).replace("\"replicas\": 1", "\"replicas\": 0"));
        await().atMost(PATIENCE).until(() -> ask(sidecar).arm() == Arm.STABLE);
        operator.heartbeat();
        operator.config(leased(7, 600));
        awaitEpoch(sidecar, 7);
        assertThat(ask(sidecar).arm()).isEqualTo(Arm.STABLE);

        operator.heartbeat();
        await().atMost(PATIENCE).until(() -> ask(sidecar).arm() == Arm.CANDIDATE);
    }

    @Test
    void ignoresAnOlderEpochAndAcknowledgesTheSameAgain() {
        operator.greetWith(config(5));
        var sidecar = startWithOperator();
        awaitEpoch(sidecar, 5);

        operator.config(config(4));
        operator.config(config(5));

        await().atMost(PATIENCE)
                .until(() -> operator.acks().stream()
                                .filter("{\"epoch\":5,\"applied\":true}"::equals)
                                .count()
                        == 2);
        assertThat(sidecar.config().current().epoch()).isEqualTo(5);
        assertThat(operator.acks()).noneMatch(ack -> ack.contains("\"epoch\":4"));
    }

    @Test
    void aRolloutMadeAnewStartsItsEpochsOver() {
        operator.greetWith(config(5));
        var sidecar = startWithOperator();
        awaitEpoch(sidecar, 5);

        operator.config(config(1).replace("6f0c", "7a1b"));

        awaitEpoch(sidecar, 1);
    }

    @Test
    void acknowledgesAgainOnEveryNewStream() {
        operator.greetWith(config(5));
        startWithOperator();
        await().atMost(PATIENCE).until(() -> operator.acks().size() == 1);

        operator.dropStreams();

        await().atMost(PATIENCE).until(() -> operator.acks().size() == 2);
        assertThat(operator.acks()).containsOnly("{\"epoch\":5,\"applied\":true}");
    }

    @Test
    void comesBackWhenTheStreamEndsWithTheTokenThatTheFileHasThen() throws IOException {
        operator.greetWith(config(5));
        startWithOperator();
        Files.writeString(folder.resolve("token"), "token-2");

        operator.dropStreams();

        await().atMost(PATIENCE).until(() -> operator.streams() == 1);
        assertThat(operator.tokens()).endsWith("Bearer token-2");
    }

    @Test
    void keepsTryingWhileItIsTurnedAway() {
        operator.answerStreamsWith(503);
        operator.greetWith(config(5));
        var sidecar = start(Optional.of(operator.url()));
        await().atMost(PATIENCE).until(() -> operator.tokens().size() >= 3);

        operator.answerStreamsWith(200);

        awaitEpoch(sidecar, 5);
    }

    @Test
    void movesOnToTheNextAddressWhenOneDoesNotLead() throws IOException {
        var leader = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        var second = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 2});
        try (var standby = new FakeOperator(CERTIFICATE, second, operator.port())) {
            standby.answerStreamsWith(421);
            operator.greetWith(config(5));

            var sidecar = start(Optional.of(operator.url()), host -> new InetAddress[] {second, leader});

            awaitEpoch(sidecar, 5);
            await().atMost(PATIENCE).until(() -> {
                operator.dropStreams();
                return !standby.tokens().isEmpty();
            });
        }
    }

    @Test
    void trustsOnlyTheBundleAndReadsItAgain() throws IOException {
        var stranger = TestCertificate.forHost("localhost");
        Files.writeString(folder.resolve("ca.crt"), stranger.pem());
        operator.greetWith(config(5));
        var sidecar = start(Optional.of(operator.url()));
        await().during(Duration.ofSeconds(1)).until(() -> operator.tokens().isEmpty());

        // While certificates rotate, the bundle has both.
        Files.writeString(folder.resolve("ca.crt"), stranger.pem() + CERTIFICATE.pem());

        awaitEpoch(sidecar, 5);
    }

    @Test
    void refusesACertificateForAnotherHost() throws IOException {
        var other = TestCertificate.forHost("other.example");
        Files.writeString(folder.resolve("ca.crt"), other.pem() + CERTIFICATE.pem());
        operator.greetWith(config(5));
        try (var impostor = new FakeOperator(other)) {
            impostor.greetWith(config(6));
            var sidecar = start(Optional.of(impostor.url()));

            await().during(Duration.ofSeconds(1)).until(() -> impostor.tokens().isEmpty());
            assertThat(sidecar.config().current().epoch()).isZero();
        }
    }

    @Test
    void usesTheStableArmUntilTheFirstHeartbeat() {
        bootstrap(leased(5, 60));
        operator.greetWith(leased(5, 60));
        var sidecar = startWithOperator();
        assertThat(sidecar.leaseLost()).isTrue();
        assertThat(ask(sidecar).arm()).isEqualTo(Arm.STABLE);

        operator.heartbeat();

        await().atMost(PATIENCE).until(() -> ask(sidecar).arm() == Arm.CANDIDATE);
        assertThat(sidecar.leaseLost()).isFalse();
    }

    @Test
    void returnsToTheStableArmWhenTheHeartbeatsStopAndBackWhenTheyReturn() {
        operator.greetWith(leased(5, 1));
        var sidecar = startWithOperator();
        awaitCandidateWhileTheHeartBeats(sidecar);

        await().atMost(PATIENCE).until(() -> ask(sidecar).arm() == Arm.STABLE);
        assertThat(sidecar.leaseLost()).isTrue();

        awaitCandidateWhileTheHeartBeats(sidecar);
    }

    /** Again and again: a lease of one beat may be over before anybody looks. */
    private void awaitCandidateWhileTheHeartBeats(LimiterRuntime sidecar) {
        await().atMost(PATIENCE).until(() -> {
            operator.heartbeat();
            return ask(sidecar).arm() == Arm.CANDIDATE;
        });
    }

    @Test
    void afterPromotionAnAbsentOperatorChangesNothing() {
        bootstrap(config(5, 100, ""));
        var sidecar = start(Optional.empty());

        assertThat(sidecar.leaseLost()).isFalse();
        assertThat(ask(sidecar).arm()).isEqualTo(Arm.CANDIDATE);
    }
}
