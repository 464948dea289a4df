package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A connection to the app. Carries one forwarding after the other. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class UpstreamConnection extends ChannelInboundHandlerAdapter {

    private final Channel channel;
    private final UpstreamDecoder decoder;
    private final UpstreamPool pool;
    private @Nullable Forwarding forwarding;
    private boolean reused;
    private boolean keepAlive;
    private boolean afterInterim;
    private boolean afterSwitch;
    private long idleSince;

    UpstreamConnection(Channel channel, UpstreamDecoder decoder, UpstreamPool pool) {
        this.channel = channel;
        this.decoder = decoder;
        this.pool = pool;
    }

    Channel channel() {
        return channel;
    }

    boolean isUsable() {
        return channel.isActive();
    }

    long idleSince() {
        return idleSince;
    }

    void idleFrom(long now) {
        idleSince = now;
        reused = true;
    }

    /** True when the app may have closed it in good faith just before the current request. */
    boolean isStale() {
        return reused && !decoder.hasBegun();
    }

    /** Carries {@code next} from now on. */
    void begin(Forwarding next, boolean head) {
        forwarding = next;
        decoder.expect(head);
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

    void pauseReading(boolean pause) {
        channel.config().setAutoRead(!pause);
    }

    /** Ends the forwarding; the connection is kept when {@code sound}, and when the app keeps it. */
    void release(boolean sound) {
        forwarding = null;
        if (sound && keepAlive && !decoder.hasMore()) {
            reused = true;
            pauseReading(false);
            pool.keep(this);
        } else {
            close();
        }
    }

    void close() {
        forwarding = null;
        channel.close();
    }

    /** Lets go of the channel, from which raw bytes are to be read. */
    void handOver(Tunnel.End end) {
        forwarding = null;
        channel.pipeline().replace(this, null, end);
        channel.pipeline().remove(HttpRequestEncoder.class);
        channel.pipeline().remove(decoder);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        var current = forwarding;
        if (current == null) {
            // Nobody asked: an answer without a request would be taken for the next one's.
            ReferenceCountUtil.release(msg);
            close();
        } else if (msg instanceof HttpResponse answer) {
            head(current, answer);
        } else if (msg instanceof HttpContent content) {
            content(current, content);
        } else {
            ReferenceCountUtil.release(msg);
        }
    }

    private void head(Forwarding current, HttpResponse answer) {
        if (answer.decoderResult().isFailure()) {
            ReferenceCountUtil.release(answer);
            current.undecodable();
            return;
        }
        afterSwitch = answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        afterInterim = !afterSwitch && answer.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        keepAlive = HttpUtil.isKeepAlive(answer);
        if (afterSwitch) {
            current.switching(answer);
        } else if (afterInterim) {
            current.interim(answer);
        } else {
            current.answered(answer);
        }
    }

    private void content(Forwarding current, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            current.undecodable();
        } else if (afterSwitch || afterInterim) {
            content.release();
            afterInterim = false;
            if (afterSwitch && content instanceof LastHttpContent) {
                current.switched();
            }
        } else {
            current.answerContent(content);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (forwarding != null) {
            forwarding.answerBatchEnded();
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
        ctx.close();
    }
}
