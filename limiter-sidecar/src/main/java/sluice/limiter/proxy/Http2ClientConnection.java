package sluice.limiter.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2PriorityFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;

/** A client's connection of HTTP/2: many streams, which live and end on their own. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class Http2ClientConnection extends ChannelInboundHandlerAdapter implements Watched {

    private enum Farewell {
        NONE,
        /** The client has been told to open no more streams, and those on their way are still served. */
        ANNOUNCED,
        /** No stream will be served that is not there yet. */
        SAID
    }

    private static final int SETTINGS_PRICE = 100;

    private final SocketChannel channel;
    private final ProxyEnvironment environment;
    private final Http2FrameWatch frames;
    private final InetAddress peer;
    private final String peerText;
    private final Taking taking;
    private final OpenStreams<Http2ClientStream> streams = new OpenStreams<>();
    private final StreamResets resets = new StreamResets(System.nanoTime());
    private final ControlFrames controlFrames = new ControlFrames(System.nanoTime());
    private Farewell farewell = Farewell.NONE;
    private long announcedAt;
    private long idleSince = System.nanoTime();
    private boolean ending;

    Http2ClientConnection(SocketChannel channel, ProxyEnvironment environment, Http2FrameWatch frames) {
        this.channel = channel;
        this.taking = new Taking(channel);
        this.environment = environment;
        this.frames = frames;
        this.peer = channel.remoteAddress().getAddress();
        this.peerText = NetUtil.toAddressString(peer);
    }

    InetAddress peer() {
        return peer;
    }

    String peerText() {
        return peerText;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        environment.clients().add(this);
        ctx.write(new DefaultHttp2WindowUpdateFrame(Http2Codecs.CLIENT_WINDOW - Http2Codecs.DEFAULT_WINDOW));
    }

    void opened(Http2ClientStream stream) {
        streams.add(stream);
        resets.opened(System.nanoTime());
    }

    void closed(Http2ClientStream stream) {
        streams.remove(stream);
        idleSince = System.nanoTime();
    }

    /** The client reset a stream before it was answered, or broke the protocol in it. */
    void spoiled() {
        resets.spoiled();
        if (resets.isAttack()) {
            end(Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (ending) {
            ReferenceCountUtil.release(msg);
        } else if (controlFrames.isFlood(price(msg), System.nanoTime())) {
            ReferenceCountUtil.release(msg);
            end(Http2Error.ENHANCE_YOUR_CALM);
        } else {
            ctx.fireChannelRead(streams.passing(msg));
        }
    }

    private static int price(Object frame) {
        return switch (frame) {
            case Http2SettingsFrame _ -> SETTINGS_PRICE;
            case Http2PingFrame _, Http2PriorityFrame _, Http2UnknownFrame _ -> 1;
            default -> 0;
        };
    }

    @Override
    public void tick(long now) {
        streams.all().forEach(stream -> stream.tick(now));
        if (!ending && isHeadSlow(now)) {
            Refused.logUnread(HttpResponseStatus.REQUEST_TIMEOUT.code(), environment.log());
            end(Http2Error.ENHANCE_YOUR_CALM);
        }
        if (environment.draining() || farewell != Farewell.NONE || isIdle(now)) {
            sayFarewell(now);
        }
        if (farewell == Farewell.SAID && streams.isEmpty()) {
            channel.close();
        }
        if (taking.stalled(now) >= environment.timeouts().stalled().toNanos()) {
            // No stream can be reset any more: that, too, would wait for the client to read.
            Breaking.off(channel);
        }
    }

    /** Nothing else can come on the connection until the head is whole, so that it is the connection that has to end. */
    private boolean isHeadSlow(long now) {
        return frames.since() != 0
                && now - frames.since() >= environment.timeouts().head().toNanos();
    }

    private boolean isIdle(long now) {
        return streams.isEmpty()
                && now - idleSince >= environment.timeouts().idle().toNanos();
    }

    /** In two steps, for streams that are on their way when the first is said (RFC 9113, section 6.8). */
    private void sayFarewell(long now) {
        if (farewell == Farewell.NONE) {
            farewell = Farewell.ANNOUNCED;
            announcedAt = now;
            channel.writeAndFlush(
                    new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
        } else if (farewell == Farewell.ANNOUNCED
                && now - announcedAt >= environment.timeouts().linger().toNanos()) {
            farewell = Farewell.SAID;
            channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        }
    }

    private void end(Http2Error why) {
        if (!ending) {
            ending = true;
            channel.writeAndFlush(new DefaultHttp2GoAwayFrame(why));
            channel.close();
        }
    }

    /** True when nothing more is read of what the client sends. */
    boolean isEnding() {
        return ending;
    }

    @Override
    public void closeIfIdle() {
        sayFarewell(System.nanoTime());
    }

    @Override
    public void closeNow() {
        if (!streams.isEmpty()) {
            Breaking.off(channel);
        } else {
            // A request that is on its way has not been seen, and may be sent again elsewhere.
            channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            Breaking.close(channel);
        }
    }

    @Override
    public boolean isBusy() {
        return !streams.isEmpty() || Transport.hasUndelivered(channel);
    }

    /** Bodies in the connection's own buffer are in those of its streams, too; heads are not. */
    @Override
    public long kept() {
        return channel.isOpen()
                ? Kept.PER_HTTP2
                        + frames.bytes()
                        + Math.max(
                                Kept.unsent(channel),
                                streams.stream()
                                        .mapToLong(Http2ClientStream::kept)
                                        .sum())
                : 0;
    }

    /** The connection is over, whatever becomes of its socket. */
    void over() {
        environment.clients().remove(this);
        streams.all().forEach(Http2ClientStream::gone);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        over();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException) {
            ctx.fireExceptionCaught(cause);
        } else if (!(cause instanceof Http2Exception)) {
            // A reset or a broken pipe. An error in the protocol is answered by Netty, which then closes.
            channel.close();
        }
    }
}
