package sluice.operator.control;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The operator's half of the stream without its sockets and threads. A token is a pod's name and UID at once. */
public final class StreamDesk {

    /** One connection, as the far end sees it. */
    public static final class Connection {

        private final EmbeddedChannel channel = new EmbeddedChannel();
        private int status;

        private Connection(ControlDesk desk) {
            channel.pipeline().addLast(new ReadTimeoutHandler(30), new ControlHandler(desk));
        }

        private void send(FullHttpRequest request) {
            channel.writeInbound(request);
        }

        /** Acknowledges behind the request for the stream. */
        public void ack(String body) {
            send(request(HttpMethod.POST, "/v1/ack", body));
        }

        /** What was written since the last call, the head of the answer aside. */
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            channel.runPendingTasks();
            for (Object part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
                if (part instanceof HttpResponse response) {
                    status = response.status().code();
                }
                if (part instanceof HttpContent content) {
                    content.content().toString(StandardCharsets.UTF_8).lines().forEach(lines::add);
                    content.release();
                }
            }
            return lines;
        }

        /** Of the answer, 0 while there is none. */
        public int status() {
            return status;
        }

        public boolean isOpen() {
            return channel.isOpen();
        }

        /** The far end, or the network, has closed it. */
        public void close() {
            var _ = channel.close();
            channel.runPendingTasks();
        }
    }

    private final Leadership leadership;
    private final InstantSource clock;
    private final ControlDesk desk;

    /**
     * A desk with nothing to say yet.
     *
     */
    public StreamDesk(
            Leadership leadership,
            TokenVerifier tokens,
            PodRollouts rollouts,
            StreamWatcher watcher,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.leadership = leadership;
        this.clock = clock;
        var acks = new Acks();
        desk = new ControlDesk(
                leadership, tokens, rollouts, new Streams(acks, nanoTime), acks, watcher, Runnable::run, clock);
    }

    public Acks acks() {
        return desk.acks();
    }

    public Streams streams() {
        return desk.streams();
    }

    /** One heartbeat to everyone. */
    public void beat() {
        new Pulse(leadership, desk.streams(), clock).beat();
    }

    /** Asks for the stream. */
    public Connection open(String token) {
        var connection = new Connection(desk);
        var request = request(HttpMethod.GET, "/v1/stream?versions=1", "");
        request.headers().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token);
        connection.send(request);
        return connection;
    }

    private static FullHttpRequest request(HttpMethod method, String uri, String body) {
        return new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, method, uri, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
    }
}
