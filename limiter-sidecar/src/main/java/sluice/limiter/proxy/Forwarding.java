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
    private Stage stage = Stage.CONNECTING;
    private @Nullable UpstreamConnection upstream;
    private boolean repeated;
    private long lastProgress = System.nanoTime();

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
    }

    void connected(UpstreamConnection connection) {
        if (stage != Stage.CONNECTING) {
            connection.close();
            return;
        }
        stage = Stage.AWAITING_ANSWER;
        upstream = connection;
        connection.begin(this, shape.isHead());
        account.sent();
        connection.write(request);
        if (shape.hasBody()) {
            body.sendTo(connection);
        } else {
            connection.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        requestProgressed();
        connection.flush();
    }

    void connectFailed() {
        if (stage == Stage.CONNECTING) {
            appFailed(HttpResponseStatus.BAD_GATEWAY, "The app does not accept connections.");
        }
    }

    void requestProgressed() {
        progressed();
        if (body.isSent() && stage == Stage.AWAITING_ANSWER) {
            account.sent();
        }
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
        progressed();
        relay.interim(answer);
    }

    void answered(HttpResponse answer) {
        stage = Stage.ANSWERING;
        progressed();
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
        progressed();
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
        if (stage == Stage.CONNECTING) {
            environment.upstreams().cancel(this);
        }
        if (stage != Stage.OVER) {
            end();
            account.clientGone();
        }
    }

    void clientWritabilityChanged() {
        progressed();
        if (upstream != null) {
            upstream.pauseReading(!client.isWritable());
        }
    }

    void upstreamWritabilityChanged() {
        progressed();
        if (shape.hasBody()) {
            body.updateReading();
        }
    }

    /** Ends what takes too long. */
    void tick(long now) {
        var timeouts = environment.timeouts();
        var waited = now - lastProgress;
        if (stage == Stage.AWAITING_ANSWER) {
            tickRequest(waited, timeouts);
        } else if (stage == Stage.ANSWERING) {
            tickAnswer(waited, timeouts);
        }
    }

    private void tickRequest(long waited, ProxyTimeouts timeouts) {
        if (shape.hasBody() && body.awaitsClient()) {
            if (waited >= timeouts.body().toNanos()) {
                requestBroken(HttpResponseStatus.REQUEST_TIMEOUT, "The body took too long.");
            }
        } else if (waited >= timeouts.response().toNanos()) {
            appFailed(HttpResponseStatus.GATEWAY_TIMEOUT, "The app took too long to answer.");
        }
    }

    private void tickAnswer(long waited, ProxyTimeouts timeouts) {
        if (!client.isWritable()) {
            if (waited >= timeouts.stalled().toNanos()) {
                clientBroke();
            }
        } else if (waited >= timeouts.answerPause().toNanos()) {
            appBroke();
        }
    }

    private void progressed() {
        lastProgress = System.nanoTime();
    }

    private void end() {
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
