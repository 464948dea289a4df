package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import sluice.limiter.proxy.Patience.Awaited;

/** An allowed request on its way to the app, and the answer on its way back, as the app's connection sees them. */
final class Forwarding {

    private enum Stage {
        CONNECTING,
        AWAITING_ANSWER,
        ANSWERING,
        OVER
    }

    private final Upstreams upstreams;
    private final Delivery delivery;
    private final AnswerRelay relay;
    private final AppAnswer answer;
    private final Patience patience;
    private Stage stage = Stage.CONNECTING;
    private boolean repeated;

    Forwarding(ProxyEnvironment environment, Upstreams upstreams, Delivery delivery, AnswerRelay relay) {
        this.upstreams = upstreams;
        this.delivery = delivery;
        this.relay = relay;
        this.answer = new AppAnswer(this, relay);
        this.patience = new Patience(environment, delivery.shape().grpc());
    }

    RequestShape shape() {
        return delivery.shape();
    }

    AppAnswer answer() {
        return answer;
    }

    void connected(Upstream connection) {
        if (stage != Stage.CONNECTING) {
            connection.close();
            return;
        }
        stage = Stage.AWAITING_ANSWER;
        patience.progressed();
        delivery.begin(connection, this);
    }

    void connectFailed(String detail) {
        if (stage == Stage.CONNECTING) {
            appFailed(HttpResponseStatus.BAD_GATEWAY, detail);
        }
    }

    void progressed() {
        patience.progressed();
    }

    /** The app has said something, but not its answer; a client that asked before it sent its body may send it now. */
    void interim() {
        patience.progressed();
        delivery.invited();
    }

    void flushRequest() {
        delivery.flush();
    }

    void requestBroken(HttpResponseStatus status, String detail) {
        if (stage == Stage.ANSWERING) {
            clientBroke();
        } else if (stage != Stage.OVER) {
            end();
            relay.refuse(status, detail);
        }
    }

    void answerBegins() {
        stage = Stage.ANSWERING;
        patience.progressed();
    }

    boolean isAnswering() {
        return stage == Stage.ANSWERING;
    }

    boolean isRequestSent() {
        return delivery.isSent();
    }

    long kept() {
        return delivery.kept();
    }

    void pauseAnswer(boolean pause) {
        delivery.pauseAnswer(pause);
    }

    void answerEnded() {
        stage = Stage.OVER;
        delivery.end(delivery.isSent());
    }

    /** The app's connection, which is not HTTP's any more. */
    Optional<Upstream> takeUpstream() {
        stage = Stage.OVER;
        return delivery.takeUpstream();
    }

    void undecodable() {
        if (stage == Stage.ANSWERING) {
            appBroke();
        } else if (stage != Stage.OVER) {
            appFailed(HttpResponseStatus.BAD_GATEWAY, "The app's answer is malformed.");
        }
    }

    void upstreamClosed() {
        var closed = delivery.takeUpstream();
        if (stage == Stage.ANSWERING) {
            appBroke();
        } else if (stage == Stage.AWAITING_ANSWER) {
            closed.ifPresent(this::repeatOrFail);
        }
    }

    private void repeatOrFail(Upstream closed) {
        var harmless = closed.isUnprocessed() ? !shape().hasBody() : closed.isStale() && shape().isRepeatable();
        if (harmless && !repeated) {
            repeated = true;
            stage = Stage.CONNECTING;
            upstreams.connectFor(this);
        } else {
            appFailed(HttpResponseStatus.BAD_GATEWAY, "The app closed the connection.");
        }
    }

    private void appFailed(HttpResponseStatus status, String detail) {
        end();
        relay.appFailed(status, detail);
    }

    private void appBroke() {
        end();
        relay.appBroke();
    }

    private void clientBroke() {
        clientGone();
        relay.abort();
    }

    /** Ends it without a word to anybody. */
    void drop() {
        if (stage != Stage.OVER) {
            end();
        }
    }

    void clientGone() {
        if (stage != Stage.OVER) {
            end();
            relay.clientGone();
        }
    }

    void clientWritabilityChanged() {
        patience.progressed();
        pauseAnswer(!relay.isWritable());
    }

    void upstreamWritabilityChanged() {
        patience.progressed();
        delivery.updateReading();
    }

    /** Ends what takes too long. */
    void tick(long now) {
        var awaited = awaited();
        if (patience.isOver(awaited, now)) {
            switch (awaited) {
                case NOBODY -> {}
                case BODY_FROM_CLIENT -> requestBroken(HttpResponseStatus.REQUEST_TIMEOUT, "The body took too long.");
                case ANSWER_FROM_APP ->
                    appFailed(HttpResponseStatus.GATEWAY_TIMEOUT, "The app took too long to answer.");
                case REST_FROM_APP -> appBroke();
                case CLIENT_TO_READ -> clientBroke();
            }
        }
    }

    private Awaited awaited() {
        return switch (stage) {
            case CONNECTING, OVER -> Awaited.NOBODY;
            case AWAITING_ANSWER -> delivery.awaitsClient() ? Awaited.BODY_FROM_CLIENT : Awaited.ANSWER_FROM_APP;
            case ANSWERING -> relay.isWritable() ? Awaited.REST_FROM_APP : Awaited.CLIENT_TO_READ;
        };
    }

    private void end() {
        if (stage == Stage.CONNECTING) {
            upstreams.cancel(this);
        }
        stage = Stage.OVER;
        delivery.end(false);
    }
}
