package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Set;
import sluice.limiter.judge.LimitReport;

/** Tells the client how its forwarded request fared, and the account too: with the app's answer, or with ours in its place. */
final class AnswerRelay {

    private final ProxyEnvironment environment;
    private final Client client;
    private final RequestShape shape;
    private final LimitReport limits;
    private final Account account;
    private boolean closing;
    private boolean grpcStatusTold;
    private boolean webSocket;

    AnswerRelay(ProxyEnvironment environment, Client client, RequestShape shape, LimitReport limits, Account account) {
        this.environment = environment;
        this.client = client;
        this.shape = shape;
        this.limits = limits;
        this.account = account;
    }

    boolean isWritable() {
        return client.isWritable();
    }

    void flush() {
        client.flush();
    }

    /** A 1xx, which HTTP/1.0 does not know. */
    void interim(HttpResponse answer) {
        if (shape.http11()) {
            HopByHop.removeFrom(answer.headers(), Set.of());
            client.interim(answer);
        }
    }

    /** The head; an answer that comes before the end of its request ends the connection, because the app will not read the rest. */
    void head(HttpResponse answer, boolean requestSent) {
        account.answered(answer.status().code(), answer.headers());
        if (shape.grpc() && answer.headers().contains(Grpc.STATUS)) {
            tellGrpcStatus(answer.headers());
        }
        var unframed = AnswerHead.frame(answer, shape);
        closing = unframed || !requestSent || !shape.keepAlive() || environment.draining();
        AnswerHead.markConnection(answer.headers(), closing, shape.http11());
        environment.rateLimitFields().add(answer.headers(), limits);
        client.write(answer);
    }

    private void tellGrpcStatus(HttpHeaders told) {
        grpcStatusTold = true;
        account.grpcEnded(told);
    }

    void content(HttpContent piece) {
        if (shape.grpc() && !grpcStatusTold && piece instanceof LastHttpContent last) {
            tellGrpcStatus(last.trailingHeaders());
        }
        client.write(piece);
    }

    void ended() {
        account.answerEnded();
        client.finished(closing);
    }

    /** The head of the switch of protocols that was asked for. */
    void switching(HttpResponse answer) {
        account.switched(answer.status().code(), answer.headers());
        webSocket = answer.headers().contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
        AnswerHead.frameSwitch(answer);
        client.interim(answer);
    }

    /** From now on {@code app} and the client exchange raw bytes. */
    void switched(Upstream app) {
        var here = client.switchable();
        var there = app.switchable();
        if (here.isPresent() && there.isPresent()) {
            var tunnel = new Tunnel(here.get().channel(), there.get().channel(), webSocket, environment);
            here.get().handOver(tunnel.clientEnd());
            there.get().handOver(tunnel.appEnd());
        } else {
            // Sent before the switch was agreed to, and read as HTTP: what it was meant as cannot be known.
            app.close();
            client.abort();
        }
    }

    /** The request's fault: the rest of it cannot be read. */
    void refuse(HttpResponseStatus status, String detail) {
        account.answeredHere(status.code());
        client.answerUnread(environment.answers().of(status, detail), shape, true);
    }

    /** The app gave no answer. */
    void appFailed(HttpResponseStatus status, String detail) {
        account.appFailed(status.code());
        client.answerUnread(environment.answers().of(status, detail), shape, false);
    }

    /** The answer ends half way: the client must not take it for a whole one. */
    void appBroke() {
        account.appFailed(HttpResponseStatus.BAD_GATEWAY.code());
        client.abort();
    }

    void clientGone() {
        account.clientGone();
    }

    void abort() {
        client.abort();
    }
}
