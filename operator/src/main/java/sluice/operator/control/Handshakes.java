package sluice.operator.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.io.Serial;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * TLS handshakes, of which thousands may come at once: after a change of leader, or of a network that was cut. What they compute is not
 * computed on the event loops, so that whoever is connected goes on hearing heartbeats, without which they would leave and come again, too.
 *
 * <p>The newest is computed first. Whoever has waited longest is nearest to giving up: in the order of arrival an operator that cannot keep
 * up would compute for those alone who have just gone.
 */
final class Handshakes implements AutoCloseable {

    private static final int THREADS = 2;
    private static final long SECONDS = 10;
    /** A greeting, or the end of a handshake with the request behind it. */
    private static final int MOST_BYTES = 64 * 1024;

    private final SSLContext ssl;
    private final NewestFirst waiting = new NewestFirst();
    private final ExecutorService threads;

    Handshakes(SSLContext ssl) {
        this(ssl, THREADS);
    }

    Handshakes(SSLContext ssl, int threads) {
        this.ssl = ssl;
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                waiting,
                Thread.ofPlatform().daemon().name("handshake-", 0).factory());
    }

    /** A connection's first handler. */
    SslHandler handler(Channel channel) {
        var engine = ssl.createSSLEngine();
        engine.setUseClientMode(false);
        // Both ends are of one installation. With 1.2 a client could begin handshakes without end on one connection.
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        var handler = new SslHandler(engine, of(channel)) {
            private long bytes;

            // While a computation waits, nothing is read of what comes: someone who goes on sending is not kept in
            // memory.
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
                if (message instanceof ByteBuf part && !handshakeFuture().isDone()) {
                    bytes += part.readableBytes();
                    if (bytes > MOST_BYTES) {
                        part.release();
                        var _ = context.close();
                        return;
                    }
                }
                super.channelRead(context, message);
            }
        };
        handler.setHandshakeTimeout(SECONDS, TimeUnit.SECONDS);
        return handler;
    }

    /** For one connection; what is left to compute when it closes is forgotten. */
    Executor of(Channel channel) {
        return work -> {
            Runnable computation = () -> {
                if (channel.isActive()) {
                    work.run();
                }
            };
            threads.execute(computation);
            // From the end: those who close before they are reached are most often the oldest.
            var _ = channel.closeFuture().addListener(closed -> waiting.removeLastOccurrence(computation));
        };
    }

    int waiting() {
        return waiting.size();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static final class NewestFirst extends LinkedBlockingDeque<Runnable> {

        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable work) {
            return offerFirst(work);
        }
    }
}
