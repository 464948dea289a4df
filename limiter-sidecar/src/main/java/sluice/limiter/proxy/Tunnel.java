package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.function.Consumer;

/** Two channels after a switch of protocols: what comes in at one goes out at the other, no faster than it is taken there. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class Tunnel implements Watched {

    private final SocketChannel client;
    private final SocketChannel app;
    private final ProxyEnvironment environment;
    private final Taking clientTaking;
    private final Taking appTaking;
    private final Optional<WebSocketFarewell> farewell;

    Tunnel(SocketChannel client, SocketChannel app, boolean webSocket, ProxyEnvironment environment) {
        this.client = client;
        this.app = app;
        this.environment = environment;
        this.clientTaking = new Taking(client);
        this.appTaking = new Taking(app);
        this.farewell = webSocket ? Optional.of(new WebSocketFarewell(client)) : Optional.empty();
        environment.tunnels().add(this);
    }

    End clientEnd() {
        return new End(app, bytes -> app.write(bytes, app.voidPromise()));
    }

    End appEnd() {
        return new End(
                client,
                bytes -> farewell.ifPresentOrElse(
                        it -> it.pass(bytes), () -> client.write(bytes, client.voidPromise())));
    }

    boolean isWebSocket() {
        return farewell.isPresent();
    }

    /** Tells the client of a WebSocket to go elsewhere; how another protocol says so is not known here. */
    void sayFarewell() {
        farewell.ifPresent(WebSocketFarewell::say);
    }

    /** Ends it when one end takes nothing of what there is for it: whoever is behind it is gone, or as good as gone. */
    @Override
    public void tick(long now) {
        var most = environment.timeouts().stalled().toNanos();
        if (clientTaking.stalled(now) >= most || appTaking.stalled(now) >= most) {
            closeNow();
        }
    }

    @Override
    public void closeIfIdle() {}

    @Override
    public void closeNow() {
        Breaking.off(client);
        Breaking.off(app);
    }

    void close() {
        client.close();
        app.close();
    }

    @Override
    public boolean isBusy() {
        return true;
    }

    @Override
    public long kept() {
        return Kept.unsent(client) + Kept.unsent(app);
    }

    /** The handler of one channel. */
    final class End extends ChannelInboundHandlerAdapter {

        private final SocketChannel other;
        private final Consumer<ByteBuf> passing;

        private End(SocketChannel other, Consumer<ByteBuf> passing) {
            this.other = other;
            this.passing = passing;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (!(msg instanceof ByteBuf bytes)) {
                ReferenceCountUtil.release(msg);
                return;
            }
            passing.accept(bytes);
            if (!other.isWritable()) {
                ctx.channel().config().setAutoRead(false);
                environment.memory().waits();
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
            environment.tunnels().remove(Tunnel.this);
            if (other.pipeline().get(End.class) != null) {
                other.pipeline().replace(End.class, null, new Lingering(other, environment));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
