package sluice.limiter.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A client's connection of HTTP/1.1: one exchange after the other, in the order of the requests. */
final class ClientConnection extends ChannelInboundHandlerAdapter implements Watched {

    private static final Refusal SLOW_HEAD =
            new Refusal(HttpResponseStatus.REQUEST_TIMEOUT, "The headers took too long.");

    private final SocketChannel channel;
    private final ProxyEnvironment environment;
    private final StrictRequestDecoder decoder;
    private final ClientEncoder encoder;
    private final RequestIntake intake;
    private final ClientOutput output;
    private @Nullable Exchange exchange;
    private long idleSince = System.nanoTime();

    ClientConnection(
            SocketChannel channel, ProxyEnvironment environment, StrictRequestDecoder decoder, ClientEncoder encoder) {
        this.channel = channel;
        this.environment = environment;
        this.decoder = decoder;
        this.encoder = encoder;
        this.intake = new RequestIntake(this, channel);
        this.output = new ClientOutput(channel, environment, this, intake);
    }

    boolean isServing() {
        return exchange != null;
    }

    boolean isClosing() {
        return output.isClosing();
    }

    /** True when nothing of a next request has come yet. */
    boolean isBetweenRequests() {
        return intake.isEmpty() && !decoder.isAmidst();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        environment.clients().add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (isClosing() || !(msg instanceof HttpObject part)) {
            ReferenceCountUtil.release(msg);
        } else {
            intake.offer(part);
        }
    }

    void begin(HttpRequest request) {
        if (request.decoderResult().cause() instanceof PrematureChannelClosureException) {
            return;
        }
        encoder.answering(request.method().equals(HttpMethod.HEAD));
        switch (HeadCheck.of(request)) {
            case HeadCheck.Sound sound -> {
                intake.expectBody();
                var next = new Exchange(environment, output, request, sound.target());
                exchange = next;
                next.start(channel.eventLoop());
            }
            case HeadCheck.Unsound unsound -> refuse(request, unsound.refusal());
        }
    }

    private void refuse(HttpRequest request, Refusal refusal) {
        Refused.log(request, refusal.status().code(), environment.log());
        ReferenceCountUtil.release(request);
        output.answer(environment.answers().refused(refusal), true, true);
    }

    void content(HttpContent content) {
        var current = exchange;
        if (content.decoderResult().isFailure()) {
            content.release();
            if (current != null) {
                current.requestBroken(HttpResponseStatus.BAD_REQUEST, "The body is malformed.");
            } else {
                output.close();
            }
        } else if (current != null) {
            current.requestContent(content);
        } else {
            content.release();
            idleSince = System.nanoTime();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.requestBatchEnded();
        }
        if (!channel.config().isAutoRead()) {
            environment.memory().waits();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!channel.isWritable()) {
            environment.memory().waits();
        }
        if (exchange != null) {
            exchange.clientWritabilityChanged();
        } else if (channel.isWritable()) {
            next();
        }
    }

    void exchangeEnded() {
        exchange = null;
        idleSince = System.nanoTime();
    }

    /** Goes on with what was sent ahead. */
    void next() {
        intake.pump();
        if (exchange != null) {
            exchange.requestBatchEnded();
        }
    }

    @Override
    public void closeIfIdle() {
        if (exchange == null && decoder.headSince() == 0) {
            output.close();
        }
    }

    @Override
    public void closeNow() {
        Breaking.off(channel);
    }

    @Override
    public boolean isBusy() {
        return exchange != null || Kept.unsent(channel) > 0;
    }

    @Override
    public long kept() {
        return channel.isOpen()
                ? Kept.unsent(channel) + decoder.kept() + intake.kept() + (exchange == null ? 0 : exchange.kept())
                : 0;
    }

    @Override
    public void tick(long now) {
        var timeouts = environment.timeouts();
        if (exchange != null) {
            exchange.tick(now);
        } else if (decoder.headSince() != 0) {
            if (now - decoder.headSince() >= timeouts.head().toNanos()) {
                Refused.logUnread(SLOW_HEAD.status().code(), environment.log());
                // The method is not known; that of the request before says nothing about this one.
                encoder.answering(false);
                output.answer(environment.answers().refused(SLOW_HEAD), true, true);
            }
        } else if (now - idleSince >= (intake.isBodyUnread() ? timeouts.body() : timeouts.idle()).toNanos()) {
            output.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        output.end();
        var current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset or a broken pipe; channelInactive ends the exchange.
        var _ = ctx.close();
    }
}
