package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Hands a connection's requests on one after the other: parts of the next one wait until the current one is answered, and until the client
 * takes its answers.
 */
final class RequestIntake {

    private final ClientConnection connection;
    private final Channel channel;
    private final Inbox inbox;
    private boolean bodyUnread;
    private boolean pumping;

    RequestIntake(ClientConnection connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
        this.inbox = new Inbox(channel);
    }

    /** Takes over {@code part}. */
    void offer(HttpObject part) {
        if (inbox.isEmpty() && canTake()) {
            take(part);
        } else {
            inbox.add(part);
        }
    }

    private boolean canTake() {
        return bodyUnread || (!connection.isServing() && channel.isWritable());
    }

    private void take(HttpObject part) {
        if (part instanceof HttpRequest request) {
            connection.begin(request);
        } else if (part instanceof HttpContent content) {
            bodyUnread &= !(content instanceof LastHttpContent)
                    && content.decoderResult().isSuccess();
            connection.content(content);
        }
    }

    /** Hands on what has waited, up to the end of the next request. */
    void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (!connection.isClosing() && canTake() && !inbox.isEmpty()) {
            take(inbox.remove());
        }
        pumping = false;
        inbox.updateReading();
    }

    /** The body of the request that was just handed on is still to come. */
    void expectBody() {
        bodyUnread = true;
    }

    boolean isBodyUnread() {
        return bodyUnread;
    }

    boolean isEmpty() {
        return inbox.isEmpty();
    }

    long kept() {
        return inbox.kept();
    }

    void pauseBody(boolean pause) {
        inbox.pauseBody(pause);
    }

    /** Drops everything and reads on. */
    void clear() {
        inbox.clear();
    }
}
