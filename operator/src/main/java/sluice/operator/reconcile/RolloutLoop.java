package sluice.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.Streams;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.RolloutDecider;

/** Observe, decide, commit, derive: one turn for one rollout. Never throws; says when it wants its next turn. */
final class RolloutLoop {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutLoop.class);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);
    private static final int UNPROCESSABLE = 422;

    /**
     * What is remembered of a rollout between turns; losing it costs nothing but a repetition.
     *
     * @param problem why something could not be carried out, which keeps the rollout from going on
     */
    private record Memory(int failures, Optional<Blocker> problem, Optional<Instant> dueAt, String lastError) {
        static final Memory NONE = new Memory(0, Optional.empty(), Optional.empty(), "");
    }

    private final RolloutObserver observer;
    private final StatusCommitter committer;
    private final Derivations derivations;
    private final Farewell farewell;
    private final Streams streams;
    private final LoopMeter meter;
    private final InstantSource clock;
    private final Map<String, Memory> memories = new ConcurrentHashMap<>();

    RolloutLoop(
            RolloutObserver observer,
            StatusCommitter committer,
            Derivations derivations,
            Farewell farewell,
            Streams streams,
            LoopMeter meter,
            InstantSource clock) {
        this.observer = observer;
        this.committer = committer;
        this.derivations = derivations;
        this.farewell = farewell;
        this.streams = streams;
        this.meter = meter;
        this.clock = clock;
    }

    /**
     * One turn.
     *
     * @param update commits the resource's status; see {@link StatusCommitter#commit}
     * @return when the next turn is due
     */
    Duration turn(RateLimitRollout rollout, UnaryOperator<RateLimitRollout> update) {
        var uid = rollout.getMetadata().getUid();
        var memory = memories.getOrDefault(uid, Memory.NONE);
        try {
            var next = evaluate(rollout, memory, update);
            memories.put(
                    uid,
                    new Memory(0, Optional.empty(), Optional.of(clock.instant().plus(next)), ""));
            meter.ended("ok");
            return next;
        } catch (InvalidRolloutException e) {
            return invalid(rollout, memory, String.valueOf(e.getMessage()), update);
        } catch (RuntimeException e) {
            return failed(rollout, memory, e);
        }
    }

    private Duration evaluate(RateLimitRollout rollout, Memory memory, UnaryOperator<RateLimitRollout> update) {
        var started = clock.instant();
        var observed = observer.observe(rollout, memory.problem(), started);
        if (memory.dueAt().isEmpty()) {
            // The last turn may have been cut short after its commit, in this process or in another.
            repair(observed, memory);
        }
        var evaluation = RolloutDecider.decide(observed.plan(), observed.state(), observed.observation(), started);
        var committed = committer.commit(observed, evaluation, update);
        streams.evaluated(observed.key(), started);
        TransitionLog.write(observed, committed);
        derivations.apply(committed);
        streams.retain(observed.key(), observed.census().podUids());
        meter.evaluated(Duration.between(started, clock.instant()), late(memory, started));
        return next(observed, evaluation.decision());
    }

    /** What cannot be repaired must not keep a stop-loss rule from being looked at. */
    private void repair(Observed observed, Memory memory) {
        if (CommittedState.of(observed.rollout()).isEmpty()) {
            return;
        }
        try {
            derivations.apply(new Committed(
                    observed.rollout(),
                    observed.state(),
                    observed.target(),
                    observed.observation().sidecars().desired(),
                    observed.plan().stopLoss().deadManSwitch()));
        } catch (KubernetesClientException e) {
            report(observed.rollout(), memory, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private Duration next(Observed observed, Decision decision) {
        var interval = observed.plan().stopLoss().interval();
        if (!(decision instanceof Decision.Hold hold)) {
            return SHORTEST;
        }
        return hold.until()
                .map(until -> Duration.between(clock.instant(), until))
                .map(left -> left.compareTo(SHORTEST) < 0 ? SHORTEST : left)
                .filter(left -> left.compareTo(interval) < 0)
                .orElse(interval);
    }

    private static Duration late(Memory memory, Instant started) {
        return memory.dueAt()
                .map(due -> Duration.between(due, started))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }

    private Duration invalid(
            RateLimitRollout rollout, Memory memory, String why, UnaryOperator<RateLimitRollout> update) {
        meter.ended("invalid");
        report(rollout, memory, "the resource cannot be worked with: " + why);
        try {
            committer.refuse(rollout, why, update);
        } catch (RuntimeException e) {
            // Nothing depends on it; the next turn tries again.
            report(rollout, memory, "condition not written: " + e.getMessage());
        }
        return LONGEST_RETRY;
    }

    private Duration failed(RateLimitRollout rollout, Memory memory, RuntimeException problem) {
        var conflict = problem instanceof KubernetesClientException client
                && client.getCode() == HttpURLConnection.HTTP_CONFLICT;
        meter.ended(conflict ? "conflict" : "error");
        var text = problem.getClass().getSimpleName() + ": " + problem.getMessage();
        if (!conflict) {
            report(rollout, memory, text);
        }
        // Forgotten when it was due: the next turn repairs first what this one may have left half done.
        memories.put(
                rollout.getMetadata().getUid(),
                new Memory(memory.failures() + 1, blocker(problem), Optional.empty(), conflict ? "" : text));
        return conflict ? FIRST_RETRY : backoff(memory.failures());
    }

    /** Once per problem, not once per turn. */
    private void report(RateLimitRollout rollout, Memory memory, String problem) {
        if (!problem.equals(memory.lastError())) {
            LOG.atWarn()
                    .addKeyValue("rollout", RolloutObserver.key(rollout))
                    .addKeyValue("problem", problem)
                    .log("turn failed; trying again");
        }
    }

    /** What trying again alone will not cure must be seen on the resource. */
    private static Optional<Blocker> blocker(RuntimeException problem) {
        if (problem instanceof KubernetesClientException client
                && (client.getCode() == HttpURLConnection.HTTP_FORBIDDEN || client.getCode() == UNPROCESSABLE)) {
            var status = client.getStatus();
            return Optional.of(new Blocker(
                    "ApplyFailed",
                    "the API server refused what the operator must do: "
                            + (status == null ? client.getMessage() : status.getMessage())));
        }
        return Optional.empty();
    }

    private static Duration backoff(int failures) {
        var longest = Math.min(LONGEST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(failures, 6));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
    }

    /**
     * One turn for a resource that is being deleted.
     *
     * @return when the next turn is due, or empty when the resource may go
     */
    Optional<Duration> farewell(RateLimitRollout rollout) {
        try {
            if (farewell.isOver(rollout)) {
                streams.withdraw(RolloutObserver.key(rollout));
                memories.remove(rollout.getMetadata().getUid());
                return Optional.empty();
            }
            return Optional.of(Duration.ofSeconds(2));
        } catch (RuntimeException e) {
            var memory = memories.getOrDefault(rollout.getMetadata().getUid(), Memory.NONE);
            return Optional.of(failed(rollout, memory, e));
        }
    }
}
