package sluice.operator.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Notes when this replica last renewed a lock, on the monotonic clock. The time before the write counts: from then on others may wait. */
final class TimedLock implements Lock {

    private final Lock lock;
    private final LongSupplier nanoTime;
    private volatile OptionalLong lastRenewal = OptionalLong.empty();
    private volatile long lastTry;

    TimedLock(Lock lock, LongSupplier nanoTime) {
        this.lock = lock;
        this.nanoTime = nanoTime;
        this.lastTry = nanoTime.getAsLong();
    }

    /** When the lock was last looked at, whether or not that worked. */
    long lastTry() {
        return lastTry;
    }

    /** Nanoseconds of the clock that was given, empty before the first. */
    OptionalLong lastRenewal() {
        return lastRenewal;
    }

    @Override
    public LeaderElectionRecord get(KubernetesClient client) {
        lastTry = nanoTime.getAsLong();
        return lock.get(client);
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord leaderElectionRecord) {
        var before = nanoTime.getAsLong();
        lock.create(client, leaderElectionRecord);
        renewed(before, leaderElectionRecord);
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord leaderElectionRecord) {
        var before = nanoTime.getAsLong();
        lock.update(client, leaderElectionRecord);
        renewed(before, leaderElectionRecord);
    }

    /** Giving the lock back is an update too. */
    private void renewed(long at, LeaderElectionRecord written) {
        lastRenewal = identity().equals(written.getHolderIdentity()) ? OptionalLong.of(at) : OptionalLong.empty();
    }

    @Override
    public String identity() {
        return lock.identity();
    }

    @Override
    public String describe() {
        return lock.describe();
    }
}
