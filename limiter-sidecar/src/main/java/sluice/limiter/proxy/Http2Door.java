package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.nio.charset.StandardCharsets;

/** Makes a connection one of HTTP/2, whose preface is still unread. */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails ends in channelInactive.
final class Http2Door {

    /** How a connection of HTTP/2 begins (RFC 9113, section 3.4). */
    static final ByteBuf PREFACE = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII)
                    .asReadOnly());

    /** What of an answer waits for the client's window, in bytes, before no more is taken from the app. */
    private static final WriteBufferWaterMark ANSWER = new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    private final SocketChannel channel;
    private final ProxyEnvironment environment;

    Http2Door(SocketChannel channel, ProxyEnvironment environment) {
        this.channel = channel;
        this.environment = environment;
    }

    /** Puts what reads HTTP/2 in the place of what reads HTTP/1.1. */
    void open() {
        var frames = new Http2FrameWatch();
        var connection = new Http2ClientConnection(channel, environment, frames);
        var pipeline = channel.pipeline();
        environment.clients().remove(pipeline.remove(ClientConnection.class));
        pipeline.remove(ClientEncoder.class);
        pipeline.addLast(new LingeringClose(connection))
                .addLast(new FlushConsolidationHandler(
                        FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true))
                .addLast(frames)
                .addLast(Http2Codecs.forClients())
                .addLast(connection)
                .addLast(new Http2MultiplexHandler(new Streams(connection)));
        // Last, because it passes on what it has not read.
        pipeline.remove(StrictRequestDecoder.class);
    }

    private final class Streams extends ChannelInitializer<Http2StreamChannel> {

        private final Http2ClientConnection connection;

        private Streams(Http2ClientConnection connection) {
            this.connection = connection;
        }

        @Override
        protected void initChannel(Http2StreamChannel stream) {
            stream.config().setWriteBufferWaterMark(ANSWER);
            stream.pipeline().addLast(new Http2ClientStream(stream, environment, connection));
        }
    }

    /** Closes one way first, or a reset for what was not read could overtake the GOAWAY. Netty closes again once that is written. */
    private final class LingeringClose extends ChannelOutboundHandlerAdapter {

        private final Http2ClientConnection connection;
        private boolean closing;

        private LingeringClose(Http2ClientConnection connection) {
            this.connection = connection;
        }

        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            if (!channel.isActive()) {
                ctx.close(promise);
                return;
            }
            channel.closeFuture().addListener((ChannelFuture _) -> promise.trySuccess());
            if (!closing) {
                closing = true;
                connection.over();
                ctx.pipeline().addFirst(new Lingering(channel, environment, connection::kept));
            }
        }
    }
}
