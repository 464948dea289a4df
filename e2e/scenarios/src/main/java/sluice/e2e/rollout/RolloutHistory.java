package sluice.e2e.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Every state a rollout has shown, oldest first, so that nobody who waits for one can miss it. Thread-safe. */
public final class RolloutHistory {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<Seen> all = new ArrayList<>();
    private final Consumer<Seen> listener;

    /**
     * An empty history.
     *
     * @param listener told of each state, in order
     */
    public RolloutHistory(Consumer<Seen> listener) {
        this.listener = listener;
    }

    public void add(Instant at, RolloutView rollout) {
        lock.lock();
        try {
            var seen = new Seen(at, rollout);
            all.add(seen);
            listener.accept(seen);
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many states were shown so far: a place from which to read on. */
    public int mark() {
        return from(0).size();
    }

    public List<Seen> from(int mark) {
        lock.lock();
        try {
            return List.copyOf(all.subList(mark, all.size()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * The first state at or after the mark for which the condition holds, waiting for it.
     *
     * @param what the condition in words, for the message when it does not come
     */
    public Seen await(String what, int mark, Duration atMost, Predicate<RolloutView> wanted) {
        long left = atMost.toNanos();
        lock.lock();
        try {
            for (int next = mark; ; next++) {
                while (next >= all.size() && left > 0) {
                    left = grown.awaitNanos(left);
                }
                if (next >= all.size()) {
                    throw new StoryBrokenException("waited %ds for: %s; the rollout shows %s"
                            .formatted(TimeUnit.NANOSECONDS.toSeconds(atMost.toNanos()), what, newest()));
                }
                if (wanted.test(all.get(next).rollout())) {
                    return all.get(next);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryBrokenException("interrupted while waiting for: " + what);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable RolloutView newest() {
        return all.isEmpty() ? null : all.getLast().rollout();
    }
}
