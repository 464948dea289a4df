package sluice.operator.notify;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import sluice.operator.reconcile.Notifier.Trouble;

/** When to try again: after a failure a rollout waits, twice as long each time; where Slack asks to be left alone, all of them do. */
final class Pace {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 6;
    private static final int MOST_REMEMBERED = 10_000;

    /** Failures in a row. */
    private record Failures(int number, long until, Trouble trouble) {}

    private final LongSupplier nanoTime;
    private final Map<String, Failures> failures = BoundedMap.of(MOST_REMEMBERED);
    private volatile long quietUntil;

    Pace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.quietUntil = nanoTime.getAsLong();
    }

    boolean allows(String rollout) {
        var now = nanoTime.getAsLong();
        var last = failures.get(rollout);
        return now - quietUntil >= 0 && (last == null || now - last.until() >= 0);
    }

    void succeeded(String rollout) {
        failures.remove(rollout);
    }

    /** Notes a failure; true when it is another one than before. */
    boolean failed(String rollout, Answer.Later answer) {
        var now = nanoTime.getAsLong();
        answer.retryAfter().ifPresent(wait -> quietUntil = now + wait.toNanos());
        var before = failures.get(rollout);
        var number = before == null ? 0 : before.number() + 1;
        failures.put(rollout, new Failures(number, now + pause(number).toNanos(), answer.trouble()));
        return before == null || !before.trouble().equals(answer.trouble());
    }

    Optional<Trouble> trouble(String rollout) {
        return Optional.ofNullable(failures.get(rollout)).map(Failures::trouble);
    }

    private static Duration pause(int number) {
        var longest = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(number, MOST_DOUBLINGS));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
    }
}
