package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;
import java.util.Set;
import sluice.limiter.judge.LimitState;

/** Writes the app's answer to the client, with our framing and the caller's limits. */
final class AnswerRelay {

    private final ProxyEnvironment environment;
    private final ClientConnection client;
    private final RequestShape shape;
    private final Optional<LimitState> limit;
    private boolean closing;

    AnswerRelay(ProxyEnvironment environment, ClientConnection client, RequestShape shape, Optional<LimitState> limit) {
        this.environment = environment;
        this.client = client;
        this.shape = shape;
        this.limit = limit;
    }

    /** True when the client was told that the connection ends with this answer. */
    boolean isClosing() {
        return closing;
    }

    /** A 1xx, which HTTP/1.0 does not know. */
    void interim(HttpResponse answer) {
        if (shape.http11()) {
            HopByHop.removeFrom(answer.headers(), Set.of());
            writeBodiless(answer);
        }
    }

    /** The head of the switch of protocols that was asked for. */
    void switching(HttpResponse answer) {
        AnswerHead.frameSwitch(answer);
        writeBodiless(answer);
    }

    private void writeBodiless(HttpResponse answer) {
        client.write(answer);
        client.write(LastHttpContent.EMPTY_LAST_CONTENT);
        client.flush();
    }

    /** The head; an answer that comes before the end of its request ends the connection, because the app will not read the rest. */
    void head(HttpResponse answer, boolean requestSent) {
        var unframed = AnswerHead.frame(answer, shape);
        closing = unframed || !requestSent || !shape.keepAlive() || environment.draining();
        AnswerHead.markConnection(answer.headers(), closing, shape.http11());
        limit.ifPresent(state -> environment.rateLimitFields().set(answer.headers(), state));
        client.write(answer);
    }

    void content(HttpContent piece) {
        client.write(piece);
    }
}
