package sluice.operator.simulation;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import sluice.operator.control.Leadership;
import sluice.operator.control.PodIdentity;
import sluice.operator.control.RolloutKey;
import sluice.operator.control.StreamDesk;
import sluice.operator.reconcile.TargetLabel;

/** One life of one operator process: standby, then leader, until it is killed or loses the lease. */
final class OperatorProcess {

    private static final long HEARTBEAT = 2_000;
    private static final long TIMEOUT = 3_000;
    private static final int MOST_SKEW = 2_000;

    private final World world;
    private final String name;
    private final long skewMillis;
    private final Election election;
    private final StreamDesk desk;
    private Optional<Turns> turns = Optional.empty();
    private boolean dead;
    private long pausedUntil;
    private long cutOffUntil;

    OperatorProcess(World world, String name) {
        this.world = world;
        this.name = name;
        skewMillis = world.faults.has(Faults.Kind.SKEW) ? world.random.nextInt(-MOST_SKEW, MOST_SKEW + 1) : 0;
        election = new Election(world, this);
        desk = new StreamDesk(
                election, OperatorProcess::podOf, this::rolloutOf, _ -> nudge(), this::clock, world.time::nanoTime);
    }

    void start() {
        every(Election.RETRY_PERIOD, this::elect);
        every(HEARTBEAT, desk::beat);
    }

    /** A timer of the process: late while it sleeps. */
    private void every(long millis, Runnable task) {
        run(() -> {
            task.run();
            if (!dead) {
                world.time.after(millis, () -> every(millis, task));
            }
        });
    }

    /** Runs something of this process, later when it sleeps, and not at all when it is dead. */
    void run(Runnable task) {
        if (dead) {
            return;
        }
        if (isAsleep()) {
            world.time.after(pausedUntil - world.time.now(), () -> run(task));
            return;
        }
        try {
            task.run();
        } catch (Killed e) {
            world.time.note(() -> this + " is no more");
        }
    }

    private void elect() {
        if (election.takePart()) {
            world.time.note(() -> this + " leads");
            turns = Optional.of(new Turns(world, this, desk, new SleepyLeadership(), this::clock));
        }
    }

    private Instant clock() {
        return world.time.instant().plusMillis(skewMillis);
    }

    void changed(ApiServer.Kind kind) {
        if (!dead) {
            turns.ifPresent(all -> all.changed(kind));
        }
    }

    /** Whether it has seen everything that it looks at. */
    boolean isUpToDate() {
        return turns.map(Turns::isUpToDate).orElse(true);
    }

    void nudge() {
        turns.ifPresent(Turns::nudge);
    }

    /** Where the process touches the world: it may die here, sleep, or wait. */
    void boundary(String what) {
        if (world.faults.strike(Faults.Kind.KILL, 50)) {
            die("at: " + what);
        }
        world.time.pass(
                world.faults.strike(Faults.Kind.SLOW, 12)
                        ? world.faults.millis(100, 5_000)
                        : world.faults.millis(2, 30));
        sleepOrNot();
    }

    private void sleepOrNot() {
        if (world.faults.strike(Faults.Kind.PAUSE, 150)) {
            sleep(world.faults.millis(1_000, 40_000));
        }
        while (isAsleep() && !world.time.hasEnded()) {
            world.time.pass(pausedUntil - world.time.now());
        }
        if (dead) {
            throw new Killed();
        }
    }

    private void sleep(long millis) {
        world.time.note(() -> "*** " + this + " sleeps for " + millis + " ms");
        pausedUntil = world.time.now() + millis;
    }

    boolean isAsleep() {
        return pausedUntil > world.time.now();
    }

    void cutOff(long millis) {
        world.time.note(() -> "*** " + this + " is cut off from the API server for " + millis + " ms");
        cutOffUntil = world.time.now() + millis;
    }

    /** How long the API server cannot be reached, 0 when it can. */
    long cutOffFor() {
        return Math.max(0, cutOffUntil - world.time.now());
    }

    void requireConnected() {
        if (cutOffFor() > 0) {
            world.time.pass(Math.min(TIMEOUT, cutOffFor()));
            sleepOrNot();
            throw new KubernetesClientException("connect timed out", new IOException("timeout"));
        }
    }

    /** Killed in what it is doing. */
    void die(String where) {
        end(where);
        throw new Killed();
    }

    /** Ends; another life begins soon. */
    void end(String why) {
        if (!dead) {
            world.time.note(() -> "*** " + this + " ends " + why);
            dead = true;
            election.stop();
            world.restart(this);
        }
    }

    boolean isDead() {
        return dead;
    }

    StreamDesk desk() {
        return desk;
    }

    private static Optional<PodIdentity> podOf(String token) {
        return Optional.of(new PodIdentity(Workload.KEY.namespace(), token, token));
    }

    private Optional<RolloutKey> rolloutOf(PodIdentity pod) {
        if (cutOffFor() > 0) {
            throw new KubernetesClientException("timeout");
        }
        return world.workload.pod(pod.uid()).flatMap(TargetLabel::rollout);
    }

    /** The process may sleep between looking whether it leads and going by it. */
    private final class SleepyLeadership implements Leadership {

        @Override
        public boolean leads() {
            return election.leads();
        }

        @Override
        public boolean fresh() {
            var fresh = election.fresh();
            sleepOrNot();
            return fresh;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
