package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.limiter.judge.Outcome;

/** gRPC goes through the sidecar as it goes without: grpc-java calls itself. */
class GrpcTest {

    private static final String END = "<end>";

    private EchoApp app;
    private ProxyHarness proxy;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        app = new EchoApp();
        proxy = new ProxyHarness(app.address());
        channel = channelTo(proxy);
    }

    private static ManagedChannel channelTo(ProxyHarness proxy) {
        return NettyChannelBuilder.forAddress("127.0.0.1", proxy.server().port())
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        proxy.close();
        app.close();
    }

    private String unary(String message) {
        return ClientCalls.blockingUnaryCall(channel, EchoApp.UNARY, EchoApp.patient(), message);
    }

    private Status failureOf(String message) {
        try {
            unary(message);
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    /** Keeps what it is told, and the end as {@code <end>} or the status. */
    private static final class Heard implements StreamObserver<String> {

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return String.valueOf(messages.poll(60, TimeUnit.SECONDS));
        }

        @Override
        public void onNext(String value) {
            messages.add(value);
        }

        @Override
        public void onError(Throwable t) {
            messages.add(Status.fromThrowable(t).getCode().name());
        }

        @Override
        public void onCompleted() {
            messages.add(END);
        }
    }

    @Test
    void carriesAUnaryCall() {
        assertThat(unary("hello")).isEqualTo("hello");
        assertThat(app.header("x-sluice-arm")).isEqualTo("candidate");
        assertThat(app.header("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(app.header("x-forwarded-proto")).isEqualTo("http");
        assertThat(app.header("x-request-id")).isNotBlank();
    }

    @Test
    void carriesManyCallsAtOnceOverOneConnection() {
        var futures = IntStream.range(0, 300)
                .mapToObj(i ->
                        ClientCalls.futureUnaryCall(channel.newCall(EchoApp.UNARY, EchoApp.patient()), "message " + i))
                .toList();
        assertThat(futures)
                .allSatisfy(
                        future -> assertThat(future.get(30, TimeUnit.SECONDS)).startsWith("message "));
        assertThat(app.calls()).isEqualTo(300);
    }

    @Test
    void carriesALargeMessageBothWays() {
        var large = "0123456789abcdef".repeat(1 << 18);
        assertThat(unary(large)).isEqualTo(large);
    }

    @Test
    void carriesAStreamFromTheClient() throws Exception {
        var heard = new Heard();
        var call = ClientCalls.asyncClientStreamingCall(channel.newCall(EchoApp.COLLECT, EchoApp.patient()), heard);
        for (var part : List.of("a", "b", "c")) {
            call.onNext(part);
        }
        call.onCompleted();
        assertThat(heard.next()).isEqualTo("abc");
        assertThat(heard.next()).isEqualTo(END);
    }

    @Test
    void carriesAStreamFromTheApp() {
        var answers = ClientCalls.blockingServerStreamingCall(channel, EchoApp.COUNT, EchoApp.patient(), "5000");
        assertThat(answers).toIterable().hasSize(5_000).startsWith("0", "1").endsWith("4999");
    }

    @Test
    void carriesAConversationMessageByMessage() throws Exception {
        var heard = new Heard();
        var call = ClientCalls.asyncBidiStreamingCall(channel.newCall(EchoApp.TALK, EchoApp.patient()), heard);
        for (var i = 0; i < 50; i++) {
            call.onNext("message " + i);
            assertThat(heard.next()).isEqualTo("message " + i);
        }
        call.onCompleted();
        assertThat(heard.next()).isEqualTo(END);
    }

    @Test
    void keepsAConversationLongerThanABodyMayPause() throws Exception {
        var pause = Duration.ofMillis(300);
        try (var strict = new ProxyHarness(Timeouts.body(pause), app.address())) {
            var own = channelTo(strict);
            var heard = new Heard();
            var call = ClientCalls.asyncBidiStreamingCall(own.newCall(EchoApp.TALK, EchoApp.patient()), heard);
            call.onNext("before");
            assertThat(heard.next()).isEqualTo("before");
            assertThat(heard.messages.poll(5 * pause.toMillis(), TimeUnit.MILLISECONDS))
                    .isNull();
            call.onNext("after");
            assertThat(heard.next()).isEqualTo("after");
            own.shutdownNow();
        }
    }

    @Test
    void tellsTheAppThatACallIsCancelled() throws Exception {
        var heard = new Heard();
        var call = channel.newCall(EchoApp.COUNT, CallOptions.DEFAULT);
        ClientCalls.asyncServerStreamingCall(call, "-1", heard);
        assertThat(heard.next()).isEqualTo("begun");
        call.cancel("enough", null);
        assertThat(app.isCancelledWithin(15)).isTrue();
    }

    @Test
    void passesStatusMessageAndTrailersOn() {
        assertThatThrownBy(() -> unary("status:9")).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(failure.getStatus().getDescription()).isEqualTo("as asked: 100%");
            assertThat(failure.getTrailers().get(EchoApp.TRAILER)).isEqualTo("told");
        });
    }

    @ParameterizedTest
    @CsvSource({"2,5xx", "4,5xx", "12,5xx", "13,5xx", "14,5xx", "15,5xx", "3,4xx", "5,4xx", "8,4xx", "16,4xx"})
    void countsTheStatusOfACallAsItsStatusInHttp(int status, String statusClass) {
        failureOf("status:" + status);
        await().untilAsserted(() -> assertThat(proxy.metrics())
                .containsPattern("sluice_app_responses_total\\{[^}]*class=\"" + statusClass + "\"[^}]*} 1\\.0\n"));
    }

    @Test
    void countsACallThatEndsWellAsSuch() {
        unary("hello");
        await().untilAsserted(() -> assertThat(proxy.metrics())
                .containsPattern("sluice_app_responses_total\\{[^}]*class=\"2xx\"[^}]*} 1\\.0\n"));
        await().untilAsserted(() -> assertThat(proxy.logLines())
                .singleElement()
                .asString()
                .contains("\"method\":\"POST\"", "\"path\":\"/sluice.test.Echo/Unary\"", "\"status_code\":200"));
    }

    @Test
    void countsAnUnauthenticatedCallAsFailedAuthentication() {
        var token = new Metadata();
        token.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer x");
        var bearing = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(token));
        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(bearing, EchoApp.UNARY, EchoApp.patient(), "status:16"));
        await().untilAsserted(() -> assertThat(proxy.metrics())
                .containsPattern("sluice_auth_total\\{[^}]*result=\"invalid\"[^}]*} 1\\.0\n"));
    }

    @Test
    void tellsACallThatIsOverItsLimitWhenToComeAgain() {
        proxy.judge().says(new Outcome.Throttle(FakeJudge.API, Optional.of(Duration.ofSeconds(3))));
        assertThatThrownBy(() -> unary("hello")).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(failure.getStatus().getDescription()).contains("limit api");
            assertThat(text(failure, "retry-after")).isEqualTo("3");
            assertThat(text(failure, "grpc-retry-pushback-ms")).isEqualTo("3000");
            assertThat(text(failure, "ratelimit")).contains("\"api\"");
        });
        assertThat(app.calls()).isZero();
    }

    private static String text(StatusRuntimeException failure, String name) {
        return failure.getTrailers().get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    @Test
    void throttlesAStreamWithoutWaitingForItsEnd() throws Exception {
        proxy.judge().says(new Outcome.Throttle(FakeJudge.API, Optional.empty()));
        var heard = new Heard();
        var call = ClientCalls.asyncBidiStreamingCall(channel.newCall(EchoApp.TALK, EchoApp.patient()), heard);
        call.onNext("hello");
        assertThat(heard.next()).isEqualTo("RESOURCE_EXHAUSTED");
    }

    @Test
    void tellsACallThatTheFirewallBlockedThatItIsDenied() {
        proxy.judge().says(new Outcome.Block());
        assertThat(failureOf("hello").getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void isUnavailableWhenTheAppIs() throws Exception {
        try (var refusing = new RefusingPort();
                var appless = new ProxyHarness(refusing.address())) {
            var own = channelTo(appless);
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(own, EchoApp.UNARY, EchoApp.patient(), "hello"))
                    .hasMessageContaining("UNAVAILABLE: The app does not accept connections.");
            own.shutdownNow();
        }
    }

    @Test
    void saysSoWhenTheAppSpeaksNoHttp2() {
        var http1 = new ProxyHarness();
        http1.app().playing(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        try (http1) {
            var own = channelTo(http1);
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(own, EchoApp.UNARY, EchoApp.patient(), "hello"))
                    .hasMessageContaining("UNAVAILABLE")
                    .hasMessageContaining("h2c");
            own.shutdownNow();
        }
    }

    @Test
    void finishesCallsWhenTheAppSaysGoodbye() throws Exception {
        var heard = new Heard();
        var call = ClientCalls.asyncBidiStreamingCall(channel.newCall(EchoApp.TALK, EchoApp.patient()), heard);
        call.onNext("before");
        assertThat(heard.next()).isEqualTo("before");
        app.shutdown();
        call.onNext("after");
        assertThat(heard.next()).isEqualTo("after");
        call.onCompleted();
        assertThat(heard.next()).isEqualTo(END);
    }

    @Test
    void finishesCallsWhenItIsStopped() throws Exception {
        var heard = new Heard();
        var call = ClientCalls.asyncBidiStreamingCall(channel.newCall(EchoApp.TALK, EchoApp.patient()), heard);
        call.onNext("before");
        assertThat(heard.next()).isEqualTo("before");
        var stopped = proxy.server().stop(Duration.ofMinutes(1));
        call.onNext("after");
        assertThat(heard.next()).isEqualTo("after");
        assertThat(stopped).isNotDone();
        call.onCompleted();
        assertThat(heard.next()).isEqualTo(END);
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(15));
    }
}
