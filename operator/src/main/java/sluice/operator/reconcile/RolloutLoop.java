package sluice.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.Streams;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Look;
import sluice.operator.rollout.RolloutDecider;

/** Observe, decide, commit, derive: one turn for one rollout. Never throws; says when it wants its next turn. */
final class RolloutLoop {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutLoop.class);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    private final RolloutObserver observer;
    private final StatusCommitter committer;
    private final Derivations derivations;
    private final Farewell farewell;
    private final Streams streams;
    private final LoopMeter meter;
    private final InstantSource clock;
    private final RandomGenerator jitter;
    private final Map<String, TurnMemory> memories = new ConcurrentHashMap<>();

    /**
     * A loop of these.
     *
     * @param jitter spreads retries; asked by several threads
     */
    RolloutLoop(
            RolloutObserver observer,
            StatusCommitter committer,
            Derivations derivations,
            Farewell farewell,
            Streams streams,
            LoopMeter meter,
            InstantSource clock,
            RandomGenerator jitter) {
        this.observer = observer;
        this.committer = committer;
        this.derivations = derivations;
        this.farewell = farewell;
        this.streams = streams;
        this.meter = meter;
        this.clock = clock;
        this.jitter = jitter;
    }

    /**
     * One turn.
     *
     * @param update commits the resource's status; see {@link StatusCommitter#commit}
     * @return when the next turn is due
     */
    Duration turn(RateLimitRollout rollout, UnaryOperator<RateLimitRollout> update) {
        var uid = rollout.getMetadata().getUid();
        var memory = memories.getOrDefault(uid, TurnMemory.NONE);
        try {
            var next = evaluate(rollout, memory, update);
            meter.ended("ok");
            return next;
        } catch (InvalidRolloutException e) {
            return invalid(rollout, memory, String.valueOf(e.getMessage()), update);
        } catch (RuntimeException e) {
            return failed(rollout, memory, e);
        }
    }

    private Duration evaluate(RateLimitRollout rollout, TurnMemory memory, UnaryOperator<RateLimitRollout> update) {
        var started = clock.instant();
        var observed = observer.observe(rollout, memory, started);
        if (memory.dueAt().isEmpty()) {
            // The last turn may have been cut short after its commit, in this process or in another.
            repair(observed, memory);
        }
        var evaluation = RolloutDecider.decide(observed.plan(), observed.state(), observed.observation(), started);
        var committed = committer.commit(observed, evaluation, update);
        streams.evaluated(observed.key(), started);
        TransitionLog.write(observed, committed);
        meter.decided(observed.key(), evaluation, observed.census().sidecars());
        derivations.apply(committed);
        streams.retain(observed.key(), observed.census().podUids());
        meter.evaluated(Duration.between(started, clock.instant()), late(memory, started));
        var next = next(StatusChange.nextLook(observed, committed), evaluation.decision());
        memories.put(
                rollout.getMetadata().getUid(),
                TurnMemory.succeeded(clock.instant().plus(next), Look.of(evaluation.next())));
        return next;
    }

    /** What cannot be repaired must not keep a stop-loss rule from being looked at. */
    private void repair(Observed observed, TurnMemory memory) {
        if (CommittedState.of(observed.rollout()).isEmpty()) {
            return;
        }
        try {
            derivations.repair(new Committed(
                    observed.rollout(),
                    observed.state(),
                    observed.target(),
                    observed.observation().sidecars().desired(),
                    observed.plan().stopLoss().deadManSwitch()));
        } catch (RuntimeException e) {
            report(observed.rollout(), memory, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private Duration next(Duration interval, Decision decision) {
        if (!(decision instanceof Decision.Hold hold)) {
            return SHORTEST;
        }
        return hold.until()
                .map(until -> Duration.between(clock.instant(), until))
                .map(left -> left.compareTo(SHORTEST) < 0 ? SHORTEST : left)
                .filter(left -> left.compareTo(interval) < 0)
                .orElse(interval);
    }

    private static Duration late(TurnMemory memory, Instant started) {
        return memory.dueAt()
                .map(due -> Duration.between(due, started))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }

    private Duration invalid(
            RateLimitRollout rollout, TurnMemory memory, String why, UnaryOperator<RateLimitRollout> update) {
        meter.ended("invalid");
        var problem = "the resource cannot be worked with: " + why + refuse(rollout, why, update);
        report(rollout, memory, problem);
        memories.put(rollout.getMetadata().getUid(), TurnMemory.NONE.saying(problem));
        return LONGEST_RETRY;
    }

    /** Nothing depends on the condition; the next turn tries again. */
    private String refuse(RateLimitRollout rollout, String why, UnaryOperator<RateLimitRollout> update) {
        try {
            committer.refuse(rollout, why, update);
            return "";
        } catch (RuntimeException e) {
            return TurnMemory.isConflict(e) ? "" : "; condition not written: " + e.getMessage();
        }
    }

    private Duration failed(RateLimitRollout rollout, TurnMemory memory, RuntimeException problem) {
        var after = memory.failed(problem);
        meter.ended(TurnMemory.isConflict(problem) ? "conflict" : "error");
        if (!TurnMemory.isConflict(problem)) {
            report(rollout, memory, after.lastError());
        }
        memories.put(rollout.getMetadata().getUid(), after);
        return memory.retryAfter(problem, jitter);
    }

    /** Once per problem, not once per turn. */
    private void report(RateLimitRollout rollout, TurnMemory memory, String problem) {
        if (!problem.equals(memory.lastError())) {
            LOG.atWarn()
                    .addKeyValue("rollout", RolloutObserver.key(rollout))
                    .addKeyValue("problem", problem)
                    .log("turn failed; trying again");
        }
    }

    /**
     * One turn for a resource that is being deleted.
     *
     * @return when the next turn is due, or empty when the resource may go
     */
    Optional<Duration> farewell(RateLimitRollout rollout) {
        try {
            committer.deliver(rollout);
            if (farewell.isOver(rollout)) {
                committer.close(rollout);
                streams.withdraw(RolloutObserver.key(rollout));
                derivations.forget(RolloutObserver.key(rollout));
                meter.forgotten(RolloutObserver.key(rollout));
                memories.remove(rollout.getMetadata().getUid());
                return Optional.empty();
            }
            return Optional.of(Duration.ofSeconds(2));
        } catch (RuntimeException e) {
            var memory = memories.getOrDefault(rollout.getMetadata().getUid(), TurnMemory.NONE);
            return Optional.of(failed(rollout, memory, e));
        }
    }
}
