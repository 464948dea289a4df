package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request and, while it has one, the connection that carries it to the app. */
final class Delivery {

    private final HttpRequest request;
    private final RequestShape shape;
    private final RequestBody body;
    private @Nullable Upstream upstream;
    private boolean invited;

    Delivery(HttpRequest request, RequestShape shape, RequestBody body) {
        this.request = request;
        this.shape = shape;
        this.body = body;
    }

    RequestShape shape() {
        return shape;
    }

    void begin(Upstream connection, Forwarding forwarding) {
        upstream = connection;
        connection.begin(forwarding, shape.isHead());
        connection.write(request);
        if (shape.hasBody()) {
            body.sendTo(connection);
        } else {
            connection.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        connection.flush();
    }

    void flush() {
        if (upstream != null && shape.hasBody()) {
            upstream.flush();
        }
    }

    boolean isSent() {
        return !shape.hasBody() || body.isSent();
    }

    /** The client, which may have asked whether to send its body, has been told something. */
    void invited() {
        invited = true;
    }

    /** True while the client could send more: what is slow now is the client. One that waits to be told to is not slow. */
    boolean awaitsClient() {
        return shape.hasBody() && body.awaitsClient() && (invited || !shape.expectsContinue() || body.hasBegun());
    }

    void updateReading() {
        if (shape.hasBody()) {
            body.updateReading();
        }
    }

    void pauseAnswer(boolean pause) {
        if (upstream != null) {
            upstream.pauseReading(pause);
        }
    }

    /** The memory that the app's slowness costs, in bytes. */
    long kept() {
        return upstream == null ? 0 : upstream.kept();
    }

    /** The connection, which is the caller's from now on. */
    Optional<Upstream> takeUpstream() {
        var taken = Optional.ofNullable(upstream);
        upstream = null;
        return taken;
    }

    /** Nothing more is sent; the connection is kept for others when {@code sound}. */
    void end(boolean sound) {
        takeUpstream().ifPresent(carrier -> carrier.release(sound));
        body.discard();
    }
}
