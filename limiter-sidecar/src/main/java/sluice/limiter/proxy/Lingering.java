package sluice.limiter.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;

/**
 * The end of a connection: one way first, when the client has taken its answer, and what still comes is dropped until the client closes
 * too. Closed at once, a reset for what was not read could overtake the answer.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, section 9.6</a>
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class Lingering extends ChannelInboundHandlerAdapter implements Watched {

    private final SocketChannel channel;
    private final ProxyEnvironment environment;
    private long untaken;
    private long since = System.nanoTime();

    Lingering(SocketChannel channel, ProxyEnvironment environment) {
        this.channel = channel;
        this.environment = environment;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        environment.clients().add(this);
        channel.config().setAutoRead(true);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFuture _) -> channel.shutdownOutput());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ReferenceCountUtil.release(msg);
    }

    @Override
    public void tick(long now) {
        var left = untaken();
        if (left != untaken) {
            untaken = left;
            since = now;
        }
        var timeouts = environment.timeouts();
        if (now - since >= (left > 0 ? timeouts.stalled() : timeouts.linger()).toNanos()) {
            closeNow();
        }
    }

    /** The bytes of the answer that the client is too slow for. */
    private long untaken() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    @Override
    public void closeIfIdle() {}

    @Override
    public void closeNow() {
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        environment.clients().remove(this);
        // The codec of HTTP/2 behind it gives up only then what waits for the client's window.
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
