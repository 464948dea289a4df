package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ConnectionPrefaceAndSettingsFrameWrittenEvent;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.concurrent.Future;

/** A connection of HTTP/2 to the app, which carries many forwardings at a time. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class Http2AppConnection extends ChannelInboundHandlerAdapter {

    /** With those that are open then it stays below what apps take for an attack (CVE-2023-44487): Netty from 200 in 30 s on. */
    private static final int MOST_RESETS = 50;

    private final Channel channel;
    private final Http2Upstreams pool;
    private final OpenStreams<Http2AppStream> streams = new OpenStreams<>();
    private final long connectedAt = System.nanoTime();
    private int opening;
    private int resets;
    private int room = Http2Codecs.MAX_STREAMS;
    private boolean ready;
    private boolean used;
    private boolean goingAway;
    private long idleSince = connectedAt;

    Http2AppConnection(Channel channel, Http2Upstreams pool) {
        this.channel = channel;
        this.pool = pool;
    }

    /** How many streams it takes at a time, by the app's word and ours. */
    int room() {
        return room;
    }

    boolean isReady() {
        return ready;
    }

    long connectedAt() {
        return connectedAt;
    }

    boolean isIdleFor(long nanos, long now) {
        return isIdle() && now - idleSince >= nanos;
    }

    private boolean isIdle() {
        return streams.isEmpty() && opening == 0;
    }

    /** True when it can carry one more; the kernel is asked of one that nothing has come from for a while. */
    boolean hasRoom() {
        return ready
                && !goingAway
                && channel.isActive()
                && streams.size() + opening < room
                && (!isIdle() || Transport.isOpenAtBothEnds(channel));
    }

    void carry(Forwarding forwarding) {
        var reused = used;
        used = true;
        opening++;
        new Http2StreamChannelBootstrap(channel)
                .handler(new ChannelInitializer<Http2StreamChannel>() {
                    @Override
                    protected void initChannel(Http2StreamChannel stream) {
                        stream.pipeline().addLast(new Http2AppStream(Http2AppConnection.this, stream, reused));
                    }
                })
                .open()
                .addListener((Future<Http2StreamChannel> opened) -> opened(opened, forwarding));
    }

    private void opened(Future<Http2StreamChannel> opened, Forwarding forwarding) {
        opening--;
        if (opened.isSuccess()) {
            var stream = opened.getNow().pipeline().get(Http2AppStream.class);
            streams.add(stream);
            forwarding.connected(stream);
        } else {
            forwarding.connectFailed(Http2Upstreams.LOST);
        }
    }

    /**
     * A stream is ended before its time, for its client has gone. After many the next ones are carried by another connection: an app that
     * takes them for an attack ends the connection, and with it everybody's requests.
     */
    void resetting() {
        resets++;
        goingAway |= resets >= MOST_RESETS;
    }

    void closed(Http2AppStream stream) {
        streams.remove(stream);
        if (isIdle()) {
            idleSince = System.nanoTime();
        }
        closeIfGone();
        pool.roomFreed();
    }

    private void closeIfGone() {
        if (goingAway && isIdle()) {
            channel.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
        if (evt instanceof Http2ConnectionPrefaceAndSettingsFrameWrittenEvent) {
            ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(Http2Codecs.APP_WINDOW - Http2Codecs.DEFAULT_WINDOW));
        }
        ctx.fireUserEventTriggered(evt);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Http2SettingsFrame frame) {
            var most = frame.settings().maxConcurrentStreams();
            if (most != null) {
                room = (int) Math.min(Http2Codecs.MAX_STREAMS, most);
            }
            if (!ready) {
                ready = true;
                pool.ready(this);
            }
        } else if (msg instanceof Http2GoAwayFrame) {
            goingAway = true;
        }
        ctx.fireChannelRead(streams.passing(msg));
        closeIfGone();
    }

    void close() {
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pool.forget(this);
        streams.all().forEach(Http2AppStream::gone);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException) {
            ctx.fireExceptionCaught(cause);
        } else {
            // A reset, a broken pipe, or an app that answers in something else than HTTP/2.
            channel.close();
        }
    }
}
