package sluice.limiter.redis;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the map again: soon at a sign that it has changed, at growing, jittered pauses while a server is missing, and twice a minute
 * without any sign, for a master that was cut off from its sentinels gives none. Everything happens on the event loop.
 */
final class Lookout {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(1500);
    private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long REVIEW_NANOS = Duration.ofSeconds(30).toNanos();

    /** Who needs the map. */
    interface Owner {
        List<RedisNode> nodes();

        /** True when nothing is missing. */
        boolean isDeciding();

        void found(SlotMap map);

        void failed(FailureReason reason);
    }

    private final Discovery discovery;
    private final EventLoop loop;
    private final Owner owner;
    private final Backoff pause = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private long reviewNanos = REVIEW_NANOS;
    private long askedAt = System.nanoTime();
    private Runnable stopListening = () -> {};
    private boolean wanted;
    private boolean waiting;
    private boolean asking;
    private boolean ended;

    Lookout(Discovery discovery, EventLoop loop, Owner owner) {
        this.discovery = discovery;
        this.loop = loop;
        this.owner = owner;
    }

    void start() {
        ask();
        stopListening = discovery.listen(this::lookAgain);
    }

    /** There may be another map by now. */
    void lookAgain() {
        if (System.nanoTime() - askedAt > QUIET_NANOS) {
            pause.reset();
        }
        wanted = true;
        askSoon();
    }

    private void askSoon() {
        if (!waiting && !asking && !ended) {
            waiting = true;
            var _ = loop.schedule(this::due, pause.next().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void due() {
        waiting = false;
        if (!ended && (wanted || !owner.isDeciding())) {
            ask();
        }
    }

    private void ask() {
        wanted = false;
        asking = true;
        askedAt = System.nanoTime();
        var _ = discovery.discover(owner.nodes()).whenCompleteAsync(this::answered, loop);
    }

    private void answered(@Nullable SlotMap map, @Nullable Throwable failure) {
        asking = false;
        if (ended) {
            return;
        }
        if (map != null) {
            owner.found(map);
        } else {
            owner.failed(failure == null ? FailureReason.REPLY : FailureReason.of(failure));
        }
        askSoon();
    }

    /** To be called about twice a second; true when it is time to look without a sign. */
    boolean isReviewDue() {
        if (System.nanoTime() - askedAt <= reviewNanos) {
            return false;
        }
        reviewNanos = ThreadLocalRandom.current().nextLong(REVIEW_NANOS / 2, REVIEW_NANOS * 3 / 2);
        return true;
    }

    void end() {
        ended = true;
        stopListening.run();
    }
}
