package sluice.limiter.proxy;

import java.time.Duration;
import java.util.function.UnaryOperator;

/** Timeouts with one of them changed. */
final class Timeouts {

    private Timeouts() {}

    static UnaryOperator<ProxyTimeouts> head(Duration head) {
        return t -> new ProxyTimeouts(
                head,
                t.body(),
                t.idle(),
                t.connect(),
                t.response(),
                t.answerPause(),
                t.stalled(),
                t.upstreamIdle(),
                t.linger());
    }

    static UnaryOperator<ProxyTimeouts> body(Duration body) {
        return t -> new ProxyTimeouts(
                t.head(),
                body,
                t.idle(),
                t.connect(),
                t.response(),
                t.answerPause(),
                t.stalled(),
                t.upstreamIdle(),
                t.linger());
    }

    static UnaryOperator<ProxyTimeouts> idle(Duration idle) {
        return t -> new ProxyTimeouts(
                t.head(),
                t.body(),
                idle,
                t.connect(),
                t.response(),
                t.answerPause(),
                t.stalled(),
                t.upstreamIdle(),
                t.linger());
    }

    static UnaryOperator<ProxyTimeouts> response(Duration response) {
        return t -> new ProxyTimeouts(
                t.head(),
                t.body(),
                t.idle(),
                t.connect(),
                response,
                t.answerPause(),
                t.stalled(),
                t.upstreamIdle(),
                t.linger());
    }

    static UnaryOperator<ProxyTimeouts> answerPause(Duration pause) {
        return t -> new ProxyTimeouts(
                t.head(),
                t.body(),
                t.idle(),
                t.connect(),
                t.response(),
                pause,
                t.stalled(),
                t.upstreamIdle(),
                t.linger());
    }

    static UnaryOperator<ProxyTimeouts> stalled(Duration stalled) {
        return t -> new ProxyTimeouts(
                t.head(),
                t.body(),
                t.idle(),
                t.connect(),
                t.response(),
                t.answerPause(),
                stalled,
                t.upstreamIdle(),
                t.linger());
    }

    static UnaryOperator<ProxyTimeouts> upstreamIdle(Duration idle) {
        return t -> new ProxyTimeouts(
                t.head(),
                t.body(),
                t.idle(),
                t.connect(),
                t.response(),
                t.answerPause(),
                t.stalled(),
                idle,
                t.linger());
    }
}
