package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.Set;

/** Two channels after a switch of protocols: what comes in at one goes out at the other, no faster than it is taken there. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class Tunnel {

    private final Channel client;
    private final Channel app;
    private final Set<Tunnel> open;

    Tunnel(Channel client, Channel app, Set<Tunnel> open) {
        this.client = client;
        this.app = app;
        this.open = open;
        open.add(this);
    }

    End clientEnd() {
        return new End(app);
    }

    End appEnd() {
        return new End(client);
    }

    void close() {
        client.close();
        app.close();
    }

    /** The handler of one channel. */
    final class End extends ChannelInboundHandlerAdapter {

        private final Channel other;

        private End(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (!(msg instanceof ByteBuf)) {
                ReferenceCountUtil.release(msg);
                return;
            }
            other.write(msg, other.voidPromise());
            if (!other.isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            other.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            other.config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            open.remove(Tunnel.this);
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
