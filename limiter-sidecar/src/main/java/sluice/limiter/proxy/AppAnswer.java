package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/** The app's answer to a forwarded request, part by part as it comes. */
final class AppAnswer {

    private final Forwarding forwarding;
    private final AnswerRelay relay;

    AppAnswer(Forwarding forwarding, AnswerRelay relay) {
        this.forwarding = forwarding;
        this.relay = relay;
    }

    void interim(HttpResponse answer) {
        forwarding.interim();
        relay.interim(answer);
        if (!relay.isWritable()) {
            forwarding.pauseAnswer(true);
        }
    }

    void head(HttpResponse answer) {
        forwarding.answerBegins();
        relay.head(answer, forwarding.isRequestSent());
    }

    /** Takes over {@code piece}. */
    void content(HttpContent piece) {
        if (!forwarding.isAnswering()) {
            piece.release();
            return;
        }
        forwarding.progressed();
        relay.content(piece);
        if (piece instanceof LastHttpContent) {
            forwarding.answerEnded();
            relay.ended();
        } else if (!relay.isWritable()) {
            forwarding.pauseAnswer(true);
        }
    }

    void batchEnded() {
        relay.flush();
    }

    void switching(HttpResponse answer) {
        if (forwarding.shape().upgrade() == null) {
            undecodable();
        } else {
            relay.switching(answer);
        }
    }

    void switched() {
        forwarding.takeUpstream().ifPresent(relay::switched);
    }

    /** It makes no sense. */
    void undecodable() {
        forwarding.undecodable();
    }
}
