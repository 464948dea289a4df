package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.limiter.judge.LimitState;

/** An allowed request on its way to the app, and the answer on its way back. */
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
    private final Account account;
    private final Optional<LimitState> limit;
    private Stage stage = Stage.CONNECTING;
    private @Nullable UpstreamConnection upstream;
    private boolean repeated;
    private boolean closeAfter;
    private long lastProgress = System.nanoTime();

    Forwarding(
            ProxyEnvironment environment,
            ClientConnection client,
            HttpRequest request,
            RequestShape shape,
            RequestBody body,
            Account account,
            Optional<LimitState> limit) {
        this.environment = environment;
        this.client = client;
        this.request = request;
        this.shape = shape;
        this.body = body;
        this.account = account;
        this.limit = limit;
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
        releaseUpstream(false);
        if (stage == Stage.ANSWERING) {
            clientBroke();
        } else if (stage != Stage.OVER) {
            stage = Stage.OVER;
            account.answeredHere(status.code());
            body.discard();
            client.answerUnread(environment.answers().of(status, detail), shape, true);
        }
    }

    void interim(HttpResponse answer) {
        if (shape.http11() && stage == Stage.AWAITING_ANSWER) {
            progressed();
            HopByHop.removeFrom(answer.headers(), Set.of());
            client.write(answer);
            client.write(LastHttpContent.EMPTY_LAST_CONTENT);
            client.flush();
        }
    }

    void answered(HttpResponse answer) {
        stage = Stage.ANSWERING;
        progressed();
        account.answered(answer.status().code(), answer.headers());
        var unframed = AnswerHead.frame(answer, shape);
        closeAfter = unframed || mustClose();
        AnswerHead.markConnection(answer.headers(), closeAfter, shape.http11());
        limit.ifPresent(state -> environment.rateLimitFields().set(answer.headers(), state));
        client.write(answer);
    }

    /** An answer that comes before the end of the request ends the connection with it: the app will not read the rest. */
    private boolean mustClose() {
        return !shape.keepAlive() || environment.draining() || !isRequestSent();
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
        client.write(piece);
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
        client.finished(closeAfter);
    }

    void answerBatchEnded() {
        client.flush();
    }

    void switching(HttpResponse answer) {
        if (shape.upgrade() == null) {
            undecodable();
            return;
        }
        account.switched(answer.status().code());
        AnswerHead.frameSwitch(answer);
        client.write(answer);
        client.write(LastHttpContent.EMPTY_LAST_CONTENT);
        client.flush();
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
        releaseUpstream(false);
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
            environment.upstreams().connect(this);
        } else {
            appFailed(HttpResponseStatus.BAD_GATEWAY, "The app closed the connection.");
        }
    }

    private void appFailed(HttpResponseStatus status, String detail) {
        stage = Stage.OVER;
        account.appFailed(status.code());
        body.discard();
        client.answerUnread(environment.answers().of(status, detail), shape, false);
    }

    /** The answer ends half way: the client must not take it for a whole one. */
    private void appBroke() {
        stage = Stage.OVER;
        account.appFailed(HttpResponseStatus.BAD_GATEWAY.code());
        body.discard();
        client.abort();
    }

    private void clientBroke() {
        clientGone();
        client.abort();
    }

    void clientGone() {
        releaseUpstream(false);
        body.discard();
        if (stage != Stage.OVER) {
            stage = Stage.OVER;
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
        var waited = now - lastProgress;
        var timeouts = environment.timeouts();
        if (stage == Stage.AWAITING_ANSWER && shape.hasBody() && body.awaitsClient()) {
            if (waited >= timeouts.body().toNanos()) {
                requestBroken(HttpResponseStatus.REQUEST_TIMEOUT, "The body took too long.");
            }
        } else if (stage == Stage.AWAITING_ANSWER
                && waited >= timeouts.response().toNanos()) {
            releaseUpstream(false);
            appFailed(HttpResponseStatus.GATEWAY_TIMEOUT, "The app took too long to answer.");
        } else if (stage == Stage.ANSWERING && !client.isWritable()) {
            if (waited >= timeouts.stalled().toNanos()) {
                clientBroke();
            }
        } else if (stage == Stage.ANSWERING && waited >= timeouts.answerPause().toNanos()) {
            releaseUpstream(false);
            appBroke();
        }
    }

    private void progressed() {
        lastProgress = System.nanoTime();
    }

    private void releaseUpstream(boolean sound) {
        var released = upstream;
        upstream = null;
        if (released != null) {
            released.release(sound);
        }
    }
}
