package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** An allowed request on its way to the app, and the answer on its way back, as the app's connection sees them. */
final class Forwarding {

    private enum Stage {
        CONNECTING,
        AWAITING_ANSWER,
        ANSWERING,
        OVER
    }

    private final ProxyEnvironment environment;
    private final ClientConnection client;
    private final HttpRequest request;
    private final RequestShape shape;
    private final RequestBody body;
    private final AnswerRelay relay;
    private final Account account;
    private final Patience patience;
    private Stage stage = Stage.CONNECTING;
    private @Nullable UpstreamConnection upstream;
    private boolean repeated;

    Forwarding(
            ProxyEnvironment environment,
            ClientConnection client,
            HttpRequest request,
            RequestShape shape,
            RequestBody body,
            AnswerRelay relay,
            Account account) {
        this.environment = environment;
        this.client = client;
        this.request = request;
        this.shape = shape;
        this.body = body;
        this.relay = relay;
        this.account = account;
        this.patience = new Patience(environment.timeouts());
    }

    void connected(UpstreamConnection connection) {
        if (stage != Stage.CONNECTING) {
            connection.close();
            return;
        }
        stage = Stage.AWAITING_ANSWER;
        upstream = connection;
        connection.begin(this, shape.isHead());
        connection.write(request);
        if (shape.hasBody()) {
            body.sendTo(connection);
        } else {
            connection.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        patience.progressed();
        connection.flush();
    }

    void connectFailed() {
        if (stage == Stage.CONNECTING) {
            appFailed(HttpResponseStatus.BAD_GATEWAY, "The app does not accept connections.");
        }
    }

    void requestProgressed() {
        patience.progressed();
    }

    void flushRequest() {
        if (upstream != null && shape.hasBody()) {
            upstream.flush();
        }
    }

    void requestBroken(HttpResponseStatus status, String detail) {
        if (stage == Stage.ANSWERING) {
            clientBroke();
        } else if (stage != Stage.OVER) {
            end();
            account.answeredHere(status.code());
            client.answerUnread(environment.answers().of(status, detail), shape, true);
        }
    }

    void interim(HttpResponse answer) {
        patience.progressed();
        relay.interim(answer);
    }

    void answered(HttpResponse answer) {
        stage = Stage.ANSWERING;
        patience.progressed();
        account.answered(answer.status().code(), answer.headers());
        relay.head(answer, isRequestSent());
    }

    private boolean isRequestSent() {
        return !shape.hasBody() || body.isSent();
    }

    /** Takes over {@code piece}. */
    void answerContent(HttpContent piece) {
        if (stage != Stage.ANSWERING) {
            piece.release();
            return;
        }
        patience.progressed();
        relay.content(piece);
        if (piece instanceof LastHttpContent) {
            answerEnded();
        } else if (upstream != null && !client.isWritable()) {
            upstream.pauseReading(true);
        }
    }

    private void answerEnded() {
        stage = Stage.OVER;
        account.answerEnded();
        releaseUpstream(isRequestSent());
        body.discard();
        client.finished(relay.isClosing());
    }

    void answerBatchEnded() {
        client.flush();
    }

    void switching(HttpResponse answer) {
        if (shape.upgrade() == null) {
            undecodable();
        } else {
            account.switched(answer.status().code());
            relay.switching(answer);
        }
    }

    void switched() {
        var app = upstream;
        upstream = null;
        stage = Stage.OVER;
        if (app != null && client.isBetweenRequests()) {
            var tunnel = new Tunnel(client.channel(), app.channel(), environment.tunnels());
            client.handOver(tunnel.clientEnd());
            app.handOver(tunnel.appEnd());
        } else if (app != null) {
            // Sent before the switch was agreed to, and read as HTTP: what it was meant as cannot be known.
            app.close();
            client.abort();
        }
    }

    /** The app's answer makes no sense. */
    void undecodable() {
        if (stage == Stage.ANSWERING) {
            appBroke();
        } else if (stage != Stage.OVER) {
            appFailed(HttpResponseStatus.BAD_GATEWAY, "The app's answer is malformed.");
        }
    }

    void upstreamClosed() {
        var closed = upstream;
        upstream = null;
        if (stage == Stage.ANSWERING) {
            appBroke();
        } else if (stage == Stage.AWAITING_ANSWER && closed != null) {
            repeatOrFail(closed);
        }
    }

    private void repeatOrFail(UpstreamConnection closed) {
        if (shape.isRepeatable() && closed.isStale() && !repeated) {
            repeated = true;
            stage = Stage.CONNECTING;
            environment.upstreams().connectFor(this);
        } else {
            appFailed(HttpResponseStatus.BAD_GATEWAY, "The app closed the connection.");
        }
    }

    private void appFailed(HttpResponseStatus status, String detail) {
        end();
        account.appFailed(status.code());
        client.answerUnread(environment.answers().of(status, detail), shape, false);
    }

    /** The answer ends half way: the client must not take it for a whole one. */
    private void appBroke() {
        end();
        account.appFailed(HttpResponseStatus.BAD_GATEWAY.code());
        client.abort();
    }

    private void clientBroke() {
        clientGone();
        client.abort();
    }

    void clientGone() {
        if (stage != Stage.OVER) {
            end();
            account.clientGone();
        }
    }

    void clientWritabilityChanged() {
        patience.progressed();
        if (upstream != null) {
            upstream.pauseReading(!client.isWritable());
        }
    }

    void upstreamWritabilityChanged() {
        patience.progressed();
        if (shape.hasBody()) {
            body.updateReading();
        }
    }

    /** Ends what takes too long. */
    void tick(long now) {
        if (stage == Stage.AWAITING_ANSWER && shape.hasBody() && body.awaitsClient()) {
            if (patience.isBodyOverdue(now)) {
                requestBroken(HttpResponseStatus.REQUEST_TIMEOUT, "The body took too long.");
            }
        } else if (stage == Stage.AWAITING_ANSWER && patience.isAnswerOverdue(now)) {
            appFailed(HttpResponseStatus.GATEWAY_TIMEOUT, "The app took too long to answer.");
        } else if (stage == Stage.ANSWERING && client.isWritable()) {
            if (patience.isPauseTooLong(now)) {
                appBroke();
            }
        } else if (stage == Stage.ANSWERING && patience.isStalled(now)) {
            clientBroke();
        }
    }

    private void end() {
        if (stage == Stage.CONNECTING) {
            environment.upstreams().cancel(this);
        }
        stage = Stage.OVER;
        releaseUpstream(false);
        body.discard();
    }

    private void releaseUpstream(boolean sound) {
        var released = upstream;
        upstream = null;
        if (released != null) {
            released.release(sound);
        }
    }
}
