package sluice.limiter.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.function.LongSupplier;

/**
 * The end of a connection: one way first, when the client has taken its answer, and what still comes is dropped until the client closes
 * too. Closed at once, a reset for what was not read could overtake the answer.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, section 9.6</a>
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class Lingering extends ChannelInboundHandlerAdapter implements Watched {

    /** How much longer than a silent client one may take that goes on sending. */
    private static final int FOR_A_SENDER = 30;

    private final SocketChannel channel;
    private final LongSupplier before;
    private final ProxyEnvironment environment;
    private final Taking taking;
    private long takenAt = System.nanoTime();
    private long heardAt = takenAt;

    Lingering(SocketChannel channel, ProxyEnvironment environment) {
        this(channel, environment, () -> 0);
    }

    /** {@code before} is the memory that whoever had the connection before still keeps until it is closed, in bytes. */
    Lingering(SocketChannel channel, ProxyEnvironment environment, LongSupplier before) {
        this.channel = channel;
        this.before = before;
        this.environment = environment;
        this.taking = new Taking(channel);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        environment.clients().add(this);
        channel.config().setAutoRead(true);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFuture _) -> channel.shutdownOutput());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        heardAt = System.nanoTime();
        ReferenceCountUtil.release(msg);
    }

    @Override
    public void tick(long now) {
        var timeouts = environment.timeouts();
        if (taking.untaken() > 0) {
            takenAt = now;
            if (taking.stalled(now) >= timeouts.stalled().toNanos()) {
                closeNow();
            }
        } else if (isHeardOut(now, timeouts.linger().toNanos())) {
            Breaking.close(channel);
        }
    }

    /** A client that sends all of its request before it reads must not meet a reset in the place of its answer. */
    private boolean isHeardOut(long now, long linger) {
        return now - Math.max(takenAt, heardAt) >= linger || now - takenAt >= FOR_A_SENDER * linger;
    }

    @Override
    public void closeIfIdle() {}

    @Override
    public void closeNow() {
        if (taking.untaken() > 0) {
            Breaking.off(channel);
        } else {
            Breaking.close(channel);
        }
    }

    @Override
    public boolean isBusy() {
        return taking.untaken() > 0 || Transport.hasUndelivered(channel);
    }

    @Override
    public long kept() {
        return Math.max(taking.untaken(), before.getAsLong());
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
