package sluice.limiter.proxy;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An app that speaks gRPC, by grpc-java itself; its messages are plain text. */
final class EchoApp implements AutoCloseable {

    /** Answers with the message; one that is {@code status:<n>} ends the call with that status. */
    static final MethodDescriptor<String, String> UNARY = method("Unary", MethodType.UNARY);

    /** Answers with all messages joined. */
    static final MethodDescriptor<String, String> COLLECT = method("Collect", MethodType.CLIENT_STREAMING);

    /** Answers with the numbers below the one that it is sent; never ends for a negative one. */
    static final MethodDescriptor<String, String> COUNT = method("Count", MethodType.SERVER_STREAMING);

    /** Answers each message with itself, at once. */
    static final MethodDescriptor<String, String> TALK = method("Talk", MethodType.BIDI_STREAMING);

    static final Metadata.Key<String> TRAILER = Metadata.Key.of("x-trailer", Metadata.ASCII_STRING_MARSHALLER);

    private final Server server;
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile @Nullable Metadata lastHeaders;

    EchoApp() {
        var service = ServerServiceDefinition.builder("sluice.test.Echo")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall(EchoApp::unary))
                .addMethod(COLLECT, ServerCalls.asyncClientStreamingCall(EchoApp::collect))
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(this::count))
                .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(EchoApp::talk))
                .build();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .maxInboundMessageSize(64 << 20)
                .addService(ServerInterceptors.intercept(service, new Recorder()))
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.newBuilder(new Text(), new Text())
                .setType(type)
                .setFullMethodName("sluice.test.Echo/" + name)
                .build();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {

        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final class Recorder implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            calls.incrementAndGet();
            lastHeaders = headers;
            return next.startCall(call, headers);
        }
    }

    private static void unary(String message, StreamObserver<String> answers) {
        if (message.startsWith("status:")) {
            var trailers = new Metadata();
            trailers.put(TRAILER, "told");
            answers.onError(Status.fromCodeValue(Integer.parseInt(message.substring(7)))
                    .withDescription("as asked: 100%")
                    .asRuntimeException(trailers));
        } else {
            answers.onNext(message);
            answers.onCompleted();
        }
    }

    private static StreamObserver<String> collect(StreamObserver<String> answers) {
        var all = new StringBuilder();
        return observer(all::append, () -> {
            answers.onNext(all.toString());
            answers.onCompleted();
        });
    }

    private void count(String message, StreamObserver<String> answers) {
        ((ServerCallStreamObserver<String>) answers).setOnCancelHandler(cancelled::countDown);
        for (var i = 0; i < Integer.parseInt(message); i++) {
            answers.onNext(Integer.toString(i));
        }
        if (!message.startsWith("-")) {
            answers.onCompleted();
        } else {
            answers.onNext("begun");
        }
    }

    private static StreamObserver<String> talk(StreamObserver<String> answers) {
        return observer(answers::onNext, answers::onCompleted);
    }

    private static StreamObserver<String> observer(Consumer<String> each, Runnable end) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String value) {
                each.accept(value);
            }

            @Override
            public void onError(Throwable t) {}

            @Override
            public void onCompleted() {
                end.run();
            }
        };
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    }

    int calls() {
        return calls.get();
    }

    /** What the last call came with, under {@code name}. */
    @Nullable
    String header(String name) {
        var headers = lastHeaders;
        return headers == null ? null : headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    boolean isCancelledWithin(long seconds) throws InterruptedException {
        return cancelled.await(seconds, TimeUnit.SECONDS);
    }

    static CallOptions patient() {
        return CallOptions.DEFAULT.withDeadlineAfter(120, TimeUnit.SECONDS);
    }

    /** As an app does at its end: GOAWAY, and what is under way is finished. */
    void shutdown() {
        server.shutdown();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
