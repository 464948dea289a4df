package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A client's connection: one exchange after the other, in the order of the requests. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class ClientConnection extends ChannelInboundHandlerAdapter implements Watched {

    /** How much of a body that nobody wants is read for the connection's sake, in bytes. */
    static final int DROPPABLE = 64 * 1024;

    private final SocketChannel channel;
    private final ProxyEnvironment environment;
    private final StrictRequestDecoder decoder;
    private final ClientEncoder encoder;
    private final InetAddress peer;
    private final String peerText;
    private final Inbox inbox;
    private @Nullable Exchange exchange;
    private boolean bodyUnread;
    private boolean pumping;
    private boolean closing;
    private long idleSince = System.nanoTime();

    ClientConnection(
            SocketChannel channel, ProxyEnvironment environment, StrictRequestDecoder decoder, ClientEncoder encoder) {
        this.channel = channel;
        this.environment = environment;
        this.decoder = decoder;
        this.encoder = encoder;
        this.inbox = new Inbox(channel);
        this.peer = channel.remoteAddress().getAddress();
        this.peerText = NetUtil.toAddressString(peer);
    }

    Channel channel() {
        return channel;
    }

    InetAddress peer() {
        return peer;
    }

    String peerText() {
        return peerText;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        environment.clients().add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (closing || !(msg instanceof HttpObject part)) {
            ReferenceCountUtil.release(msg);
        } else if (inbox.isEmpty() && canTake()) {
            take(part);
        } else {
            inbox.add(part);
        }
    }

    /** Parts of the next request wait until the current one is answered. */
    private boolean canTake() {
        return exchange == null || bodyUnread;
    }

    private void take(HttpObject part) {
        if (part instanceof HttpRequest request) {
            begin(request);
        } else if (part instanceof HttpContent content) {
            content(content);
        }
    }

    private void begin(HttpRequest request) {
        if (request.decoderResult().cause() instanceof PrematureChannelClosureException) {
            return;
        }
        encoder.answering(request.method().equals(HttpMethod.HEAD));
        switch (HeadCheck.of(request)) {
            case HeadCheck.Sound sound -> {
                bodyUnread = true;
                var next = new Exchange(environment, this, request, sound.target());
                exchange = next;
                next.start(peer, channel.eventLoop());
            }
            case HeadCheck.Unsound unsound -> refuse(request, unsound.refusal());
        }
    }

    private void refuse(HttpRequest request, Refusal refusal) {
        Refused.log(request, refusal.status().code(), environment.log());
        ReferenceCountUtil.release(request);
        answer(environment.answers().refused(refusal), true, true);
    }

    private void content(HttpContent content) {
        var current = exchange;
        if (content.decoderResult().isFailure()) {
            content.release();
            bodyUnread = false;
            if (current != null) {
                current.requestBroken(HttpResponseStatus.BAD_REQUEST, "The body is malformed.");
            } else {
                close();
            }
            return;
        }
        if (content instanceof LastHttpContent) {
            bodyUnread = false;
        }
        if (current != null) {
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
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.clientWritabilityChanged();
        }
    }

    void write(Object message) {
        channel.write(message, channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** Stops reading while the app does not take the body. */
    void pauseBody(boolean pause) {
        inbox.pauseBody(pause);
    }

    /**
     * Answers in the place of the app. A short body that is still to come is read and dropped, for the connection to live on; a long
     * one, or one that waits for a 100, is not.
     */
    void answerUnread(FullHttpResponse answer, RequestShape request, boolean close) {
        var droppable = request.length() <= DROPPABLE && request.length() >= 0 && !request.expectsContinue();
        var undroppable = request.hasBody() && bodyUnread && !droppable;
        answer(answer, request.http11(), close || undroppable || !request.keepAlive() || environment.draining());
    }

    private void answer(FullHttpResponse answer, boolean http11, boolean close) {
        AnswerHead.markConnection(answer.headers(), close, http11);
        write(answer);
        finished(close);
    }

    /** The answer to the current request has been written. */
    void finished(boolean close) {
        exchange = null;
        idleSince = System.nanoTime();
        if (close) {
            close();
        } else {
            flush();
            pump();
        }
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (!closing && canTake() && !inbox.isEmpty()) {
            take(inbox.remove());
        }
        pumping = false;
        inbox.updateReading();
        if (exchange != null) {
            exchange.requestBatchEnded();
        }
    }

    /** Closes after what was written. */
    private void close() {
        if (!closing) {
            end();
            channel.pipeline().replace(this, null, new Lingering(channel, environment));
        }
    }

    private void end() {
        closing = true;
        environment.clients().remove(this);
        inbox.clear();
    }

    /** Resets the connection, so that half an answer cannot be taken for a whole one. */
    void abort() {
        exchange = null;
        end();
        flush();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    /** True when nothing of a next request has come yet. */
    boolean isBetweenRequests() {
        return inbox.isEmpty() && !decoder.isAmidst();
    }

    /** Lets go of the channel, from which raw bytes are to be read. */
    void handOver(Tunnel.End end) {
        exchange = null;
        environment.clients().remove(this);
        channel.pipeline().replace(this, null, end);
        channel.pipeline().remove(encoder);
        channel.pipeline().remove(decoder);
    }

    @Override
    public void closeIfIdle() {
        if (exchange == null && decoder.headSince() == 0) {
            close();
        }
    }

    @Override
    public void closeNow() {
        channel.close();
    }

    @Override
    public void tick(long now) {
        var timeouts = environment.timeouts();
        if (exchange != null) {
            exchange.tick(now);
        } else if (decoder.headSince() != 0) {
            if (now - decoder.headSince() >= timeouts.head().toNanos()) {
                var late = new Refusal(HttpResponseStatus.REQUEST_TIMEOUT, "The headers took too long.");
                Refused.logUnread(late.status().code(), environment.log());
                answer(environment.answers().refused(late), true, true);
            }
        } else if (now - idleSince >= (bodyUnread ? timeouts.body() : timeouts.idle()).toNanos()) {
            close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        var current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset or a broken pipe; channelInactive ends the exchange.
        ctx.close();
    }
}
