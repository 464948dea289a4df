package sluice.limiter.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection to the app. Carries one forwarding after the other. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements Upstream, Switchable {

    private final SocketChannel channel;
    private final UpstreamDecoder decoder;
    private final UpstreamPool pool;
    private @Nullable Forwarding forwarding;
    private boolean reused;
    private boolean keepAlive;
    private boolean afterInterim;
    private boolean afterSwitch;
    private boolean broken;
    private long idleSince;

    UpstreamConnection(SocketChannel channel, UpstreamDecoder decoder, UpstreamPool pool) {
        this.channel = channel;
        this.decoder = decoder;
        this.pool = pool;
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public Optional<Switchable> switchable() {
        return Optional.of(this);
    }

    boolean isUsable() {
        return channel.isActive();
    }

    /**
     * False for a request that could not be sent again when the app has closed the connection already: the loop may not have come to
     * hear of it.
     */
    boolean mayCarry(RequestShape request) {
        return request.isRepeatable() || Transport.isOpenAtBothEnds(channel);
    }

    long idleSince() {
        return idleSince;
    }

    void idleFrom(long now) {
        idleSince = now;
        reused = true;
    }

    @Override
    public boolean isStale() {
        return reused && !decoder.hasBegun();
    }

    @Override
    public boolean isUnprocessed() {
        return false;
    }

    @Override
    public void begin(Forwarding next, boolean head) {
        forwarding = next;
        decoder.expect(head);
    }

    @Override
    public void write(HttpObject message) {
        channel.write(Kept.alone(message), channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public long kept() {
        return Kept.unsent(channel);
    }

    @Override
    public void pauseReading(boolean pause) {
        channel.config().setAutoRead(!pause);
    }

    @Override
    public void release(boolean sound) {
        forwarding = null;
        if (sound && keepAlive && !decoder.hasMore()) {
            reused = true;
            pauseReading(false);
            pool.keep(this);
        } else {
            close();
        }
    }

    /** Closes when the current batch of events is over: a connection made within it would get this one's number, and its events. */
    void closeLater() {
        channel.eventLoop().execute(this::close);
    }

    @Override
    public void close() {
        forwarding = null;
        channel.close();
    }

    @Override
    public void handOver(Tunnel.End end) {
        forwarding = null;
        channel.pipeline().replace(this, null, end);
        channel.pipeline().remove(HttpRequestEncoder.class);
        channel.pipeline().remove(decoder);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        var current = forwarding;
        if (current == null || broken) {
            // Nobody asked: an answer without a request would be taken for the next one's. Or the app has reset the
            // connection: what the decoder takes for the end of an answer without a length is where it broke off.
            ReferenceCountUtil.release(msg);
            channel.close();
        } else if (msg instanceof HttpResponse answer) {
            head(current, answer);
        } else if (msg instanceof HttpContent content) {
            content(current, content);
        } else {
            ReferenceCountUtil.release(msg);
        }
    }

    private void head(Forwarding current, HttpResponse answer) {
        if (answer.decoderResult().isFailure() || !AnswerHead.isSound(answer)) {
            ReferenceCountUtil.release(answer);
            current.answer().undecodable();
            return;
        }
        afterSwitch = answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        afterInterim = !afterSwitch && answer.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        keepAlive = AnswerHead.keepsConnection(answer) && !decoder.isDoubtful();
        if (afterSwitch) {
            current.answer().switching(answer);
        } else if (afterInterim) {
            current.answer().interim(answer);
        } else {
            current.answer().head(answer);
        }
    }

    private void content(Forwarding current, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            current.answer().undecodable();
        } else if (afterSwitch || afterInterim) {
            content.release();
            afterInterim = false;
            if (afterSwitch && content instanceof LastHttpContent) {
                current.answer().switched();
            }
        } else {
            current.answer().content(content);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (forwarding != null) {
            forwarding.answer().batchEnded();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (forwarding != null) {
            forwarding.upstreamWritabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pool.forget(this);
        var current = forwarding;
        forwarding = null;
        if (current != null) {
            current.upstreamClosed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset or a broken pipe; channelInactive tells the forwarding.
        broken = true;
        ctx.close();
    }
}
