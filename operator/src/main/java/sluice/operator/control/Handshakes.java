package sluice.operator.control;

import io.netty.channel.Channel;
import java.io.Serial;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Computes what TLS handshakes need, away from the event loops: when thousands of sidecars come at once, after a change of leader, those
 * that are connected still hear their heartbeats, without which they would leave and come again, too.
 *
 * <p>The newest work goes first. A sidecar waits 10 s for its handshake, which is more than one computation; in the order of arrival everyone's
 * second would wait for all the others' first, and none would end in time. Whoever has waited longest is nearest to giving up.
 */
final class Handshakes implements AutoCloseable {

    private static final int THREADS = 2;

    private final ExecutorService threads;

    Handshakes() {
        this(THREADS);
    }

    Handshakes(int threads) {
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new NewestFirst(),
                Thread.ofPlatform().daemon().name("handshake-", 0).factory());
    }

    /** For one connection; what is left to compute when it has closed is not computed. */
    Executor of(Channel channel) {
        return work -> threads.execute(() -> {
            if (channel.isActive()) {
                work.run();
            }
        });
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
