package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way to the app. Until there is a connection it is held, and the client is not read any further, so that at
 * most what one read brought is in memory.
 */
final class RequestBody {

    private final Client client;
    private final ProxyEnvironment environment;
    private final ArrayDeque<HttpContent> held = new ArrayDeque<>(1);
    private @Nullable Upstream upstream;
    private boolean begun;
    private boolean sent;

    RequestBody(Client client, ProxyEnvironment environment) {
        this.client = client;
        this.environment = environment;
    }

    /** True when all of it has been given to the app's connection. */
    boolean isSent() {
        return sent;
    }

    /** True when something of it has come. */
    boolean hasBegun() {
        return begun;
    }

    /** True while the client could send more: what is slow now is the client. */
    boolean awaitsClient() {
        return !sent && upstream != null && upstream.isWritable();
    }

    /** The memory that is held, in bytes. */
    long kept() {
        return held.stream().mapToLong(Kept::of).sum();
    }

    void add(HttpContent piece) {
        begun = true;
        if (upstream == null) {
            held.add(Kept.alone(piece));
        } else {
            forward(piece, upstream);
        }
        updateReading();
    }

    void sendTo(Upstream connection) {
        upstream = connection;
        for (var piece = held.poll(); piece != null; piece = held.poll()) {
            forward(piece, connection);
        }
        updateReading();
    }

    private void forward(HttpContent piece, Upstream connection) {
        if (piece instanceof LastHttpContent last) {
            sent = true;
            if (!last.trailingHeaders().isEmpty()) {
                ForwardedHeaders.removeForgedTrailers(last.trailingHeaders(), environment.trust());
            }
        }
        connection.write(piece);
    }

    /** Reads on from the client, or not, as the app takes the body. */
    void updateReading() {
        client.pauseBody(upstream == null ? !held.isEmpty() : !upstream.isWritable());
    }

    /** Forgets what is held; whatever else comes is for the client's connection to drop. */
    void discard() {
        for (var piece = held.poll(); piece != null; piece = held.poll()) {
            piece.release();
        }
        upstream = null;
        client.pauseBody(false);
    }
}
