package sluice.limiter.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An app behind the proxy that speaks HTTP/2 and does with each frame what it is told. */
@SuppressWarnings("FutureReturnValueIgnored") // What the proxy does is what the tests look at.
final class FakeHttp2App implements AutoCloseable {

    /** What the app does with a frame of a stream. */
    @FunctionalInterface
    interface Script {
        void play(Channel stream, Http2StreamFrame frame);
    }

    private final IoEventLoopGroup loop = Transport.nio().newLoop("test-app");
    private final Channel listener;
    private final List<Http2Headers> heads = new CopyOnWriteArrayList<>();
    private final List<Channel> connections = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Long> resets = new LinkedBlockingQueue<>();
    private volatile Script script = FakeHttp2App::answerAll;

    FakeHttp2App() {
        this(Http2Settings.defaultSettings());
    }

    FakeHttp2App(Http2Settings settings) {
        listener = new ServerBootstrap()
                .group(loop)
                .channel(Transport.nio().serverChannel())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(Http2FrameCodecBuilder.forServer()
                                        .initialSettings(settings)
                                        .decoupleCloseAndGoAway(true)
                                        .build())
                                .addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new Player());
                                    }
                                }));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private final class Player extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof Http2HeadersFrame head) {
                heads.add(head.headers());
            }
            if (msg instanceof Http2StreamFrame frame) {
                script.play(ctx.channel(), frame);
            }
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt instanceof Http2ResetFrame reset) {
                resets.add(reset.errorCode());
            }
        }
    }

    FakeHttp2App playing(Script next) {
        script = next;
        return this;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** The heads and trailers of all requests so far. */
    List<Http2Headers> heads() {
        return heads;
    }

    Http2Headers lastHead() {
        return heads.getLast();
    }

    List<Channel> connections() {
        return connections;
    }

    /** The error code of the next stream that the proxy resets. */
    long nextReset() throws InterruptedException {
        var code = resets.poll(30, TimeUnit.SECONDS);
        return code == null ? -1 : code;
    }

    static boolean ends(Http2StreamFrame frame) {
        return (frame instanceof Http2HeadersFrame head && head.isEndStream())
                || (frame instanceof Http2DataFrame data && data.isEndStream());
    }

    /** Answers every request with 200 once it has ended. */
    static void answerAll(Channel stream, Http2StreamFrame frame) {
        if (ends(frame)) {
            answer(stream, "200", "hello");
        }
    }

    static void answer(Channel stream, String status, String body) {
        head(stream, status, false);
        stream.writeAndFlush(new DefaultHttp2DataFrame(
                stream.alloc().buffer().writeBytes(body.getBytes(StandardCharsets.UTF_8)), true));
    }

    static void head(Channel stream, String status, boolean end, String... fields) {
        var headers = new DefaultHttp2Headers().status(status);
        for (var i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end));
    }

    @Override
    public void close() {
        listener.close();
        connections.forEach(Channel::close);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
