package sluice.limiter.proxy;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.RequestHead;

/** One request and its answer, as the client's connection sees them: judged, then answered here or forwarded. */
final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final ProxyEnvironment environment;
    private final Client client;
    private final HttpRequest request;
    private final RequestTarget target;
    private final RequestShape shape;
    private final RequestBody body;
    private final Account account;
    private @Nullable Forwarding forwarding;
    private long headKept;
    private boolean answeredHere;
    private boolean clientGone;

    Exchange(ProxyEnvironment environment, Client client, HttpRequest request, RequestTarget target) {
        this.environment = environment;
        this.client = client;
        this.request = request;
        this.target = target;
        this.shape = RequestShape.of(request);
        this.body = new RequestBody(client, environment);
        this.account = new Account(
                environment,
                ForwardedHeaders.requestId(request.headers()),
                request.method().name(),
                pathOf(target.forwarded()),
                Credentials.of(request.headers()));
    }

    private static String pathOf(String target) {
        var query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    void start(EventLoop loop) {
        var head = new RequestHead(request.method().name(), target.path(), request.headers(), client.peer());
        environment.judge().judge(head, loop, this::judged);
    }

    private void judged(Judgement judgement) {
        account.judged(judgement);
        if (clientGone) {
            account.clientGone();
        } else if (!answeredHere) {
            try {
                obey(judgement);
            } catch (RuntimeException e) {
                // A defect of ours. Whoever told the judgement could not tell the client, which would wait for ever.
                LOG.atError()
                        .setMessage("A request could not be served")
                        .setCause(e)
                        .log();
                fail();
            }
        }
    }

    private void fail() {
        body.discard();
        if (forwarding != null) {
            forwarding.drop();
        }
        if (!answeredHere) {
            account.answeredHere(HttpResponseStatus.INTERNAL_SERVER_ERROR.code());
        }
        client.abort();
    }

    private void obey(Judgement judgement) {
        switch (judgement.outcome()) {
            case Outcome.Allow allow -> forward(allow, judgement);
            case Outcome.Throttle throttle -> answerHere(environment.answers().throttled(throttle), false);
            case Outcome.Maintain maintain ->
                answerHere(environment.answers().closed(maintain, request.headers()), false);
            case Outcome.Block _ -> answerHere(environment.answers().blocked(), false);
        }
    }

    private void forward(Outcome.Allow allow, Judgement judgement) {
        rewrite(request.headers(), judgement);
        request.setUri(target.forwarded());
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        var relay = new AnswerRelay(environment, client, shape, allow.limits(), account);
        var started = new Forwarding(environment, client.upstreams(), new Delivery(request, shape, body), relay);
        forwarding = started;
        account.forwarding();
        client.upstreams().acquire(started);
    }

    private void rewrite(HttpHeaders headers, Judgement judgement) {
        var trust = environment.trust();
        shape.writeTo(headers, trust.headers());
        if (!headers.contains(HttpHeaderNames.HOST)) {
            headers.set(HttpHeaderNames.HOST, target.authority().orElseGet(environment.upstreams()::authority));
        }
        var trusted = trust.proxies().test(client.peer());
        ForwardedHeaders.set(headers, client.peerText(), trusted, trust, account.requestId(), judgement.arm());
    }

    /** Takes over {@code piece}. */
    void requestContent(HttpContent piece) {
        if (!shape.hasBody() || answeredHere) {
            piece.release();
            return;
        }
        if (forwarding != null) {
            account.forwarding();
            forwarding.progressed();
        }
        body.add(piece);
    }

    void requestBatchEnded() {
        if (forwarding != null) {
            forwarding.flushRequest();
        }
    }

    /** The body cannot be read any further. */
    void requestBroken(HttpResponseStatus status, String detail) {
        if (forwarding != null) {
            forwarding.requestBroken(status, detail);
        } else if (!answeredHere) {
            answerHere(environment.answers().of(status, detail), true);
        }
    }

    private void answerHere(FullHttpResponse answer, boolean close) {
        answeredHere = true;
        account.answeredHere(answer.status().code());
        body.discard();
        client.answerUnread(answer, shape, close);
    }

    void clientGone() {
        clientGone = true;
        body.discard();
        if (forwarding != null) {
            forwarding.clientGone();
        }
    }

    /** The memory that the request keeps on its way, in bytes. */
    long kept() {
        if (headKept == 0) {
            headKept = Kept.of(request);
        }
        return headKept + body.kept() + (forwarding == null ? 0 : forwarding.kept());
    }

    void clientWritabilityChanged() {
        if (forwarding != null) {
            forwarding.clientWritabilityChanged();
        }
    }

    void tick(long now) {
        if (forwarding != null) {
            forwarding.tick(now);
        }
    }
}
