package sluice.limiter.proxy;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the clients that keep the most in memory once all of them together keep more than there is room for. Each alone is bounded, and
 * yet a few hundred that take nothing of large answers would have the memory of everybody else. Belongs to the loop.
 */
final class MemoryBudget {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);

    /** Most keep no more than two reads, 128 KiB, so that some 8 MiB come in between two looks. */
    private static final int WAITS_BETWEEN_LOOKS = 64;

    private static final long NANOS_BETWEEN_LINES = 60_000_000_000L;

    private record Share(Watched client, boolean busy, long bytes) {}

    private final long most;
    private final Collection<? extends Watched> clients;
    private final Collection<? extends Watched> tunnels;
    private final Runnable counter;
    private int waits;
    private long ended;
    private long saidAt = System.nanoTime() - NANOS_BETWEEN_LINES;

    /**
     * @param most bytes that all may keep
     * @param counter told of each client that is ended
     */
    MemoryBudget(
            long most, Collection<? extends Watched> clients, Collection<? extends Watched> tunnels, Runnable counter) {
        this.most = most;
        this.clients = clients;
        this.tunnels = tunnels;
        this.counter = counter;
    }

    /**
     * A quarter of the heap, and three eighths of the image's direct memory: buffers are seldom full, the allocator takes more than it hands
     * out, and thousands of connections at rest want some, too.
     */
    static long ofThisProcess() {
        return Runtime.getRuntime().maxMemory() / 4;
    }

    /** Somebody has been told to wait: what came meanwhile is kept, and only by that does it become much between two ticks. */
    void waits() {
        waits++;
        if (waits >= WAITS_BETWEEN_LOOKS) {
            look();
        }
    }

    void tick(long now) {
        look();
        if (ended > 0 && now - saidAt >= NANOS_BETWEEN_LINES) {
            tell();
            saidAt = now;
        }
    }

    /** Logs how many have been ended, if any. */
    void tell() {
        if (ended > 0) {
            LOG.atWarn()
                    .setMessage("Ended clients: all together kept more than there is memory for")
                    .addKeyValue("connections", ended)
                    .addKeyValue("bytes_allowed", most)
                    .log();
            ended = 0;
        }
    }

    private void look() {
        waits = 0;
        var kept = 0L;
        for (var client : clients) {
            kept += client.kept();
        }
        for (var tunnel : tunnels) {
            kept += tunnel.kept();
        }
        if (kept > most) {
            // A quarter less, or the next look would be the next end.
            end(kept - most * 3 / 4);
        }
    }

    private void end(long tooMuch) {
        var left = tooMuch;
        for (var share : inTheirOrder()) {
            if (left <= 0) {
                return;
            }
            share.client().closeNow();
            left -= share.bytes();
            ended++;
            counter.run();
        }
    }

    /** Those that nobody would miss before all others: a client that is at rest connects anew. */
    private List<Share> inTheirOrder() {
        return Stream.<Watched>concat(clients.stream(), tunnels.stream())
                .map(client -> new Share(client, client.isBusy(), client.kept()))
                .filter(share -> share.bytes() > 0)
                .sorted(Comparator.comparing(Share::busy)
                        .thenComparing(Comparator.comparingLong(Share::bytes).reversed()))
                .toList();
    }
}
