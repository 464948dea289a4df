package sluice.operator.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.LeaderElectionSettings;
import sluice.operator.control.Leadership;

/**
 * One replica leads, by the Lease {@code sluice-operator}. The election's own check of the holder's time trusts remote clocks, so it decides
 * nothing alone: every write carries a resourceVersion, and {@link #fresh()} goes by the monotonic clock here.
 */
public final class LeaseElection implements Leadership, AutoCloseable {

    /** The Lease's name, in the operator's namespace. */
    public static final String LEASE = "sluice-operator";

    private static final Logger LOG = LoggerFactory.getLogger(LeaseElection.class);

    private final KubernetesClient client;
    private final String identity;
    private final LeaderElectionSettings settings;
    private final TimedLock lock;
    private final LongSupplier nanoTime;
    private final ExecutorService executor = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("leader-election-", 0).factory());
    private volatile boolean leading;
    private @Nullable CompletableFuture<?> election;

    /**
     * Takes part once {@link #start} is called.
     *
     * @param identity what tells this replica from the others: the pod's name
     */
    public LeaseElection(Config config, String namespace, String identity, LeaderElectionSettings settings) {
        this.client = client(config, settings);
        this.identity = identity;
        this.settings = settings;
        this.nanoTime = System::nanoTime;
        this.lock = new TimedLock(new LeaseLock(namespace, LEASE, identity), nanoTime);
    }

    /** A client of its own: an election whose requests are tried again for longer than the lease lasts is none. */
    private static KubernetesClient client(Config config, LeaderElectionSettings settings) {
        var attempt = (int) settings.renewDeadline().dividedBy(2).toMillis();
        return Clients.create(new ConfigBuilder(config)
                .withRequestTimeout(attempt)
                .withConnectionTimeout(attempt)
                .withRequestRetryBackoffLimit(0)
                .build());
    }

    /**
     * Begins.
     *
     * @param onStart runs once this replica leads, on a thread of its own
     * @param onLost runs when it leads no longer without having been asked to stop
     */
    public void start(Runnable onStart, Runnable onLost) {
        var callbacks = new LeaderCallbacks(() -> lead(onStart), () -> leading = false, leader -> {
            if (leader != null && !leader.isEmpty()) {
                LOG.atInfo().addKeyValue("leader", leader).log("leader elected");
            }
        });
        var config = new LeaderElectionConfig(
                lock,
                settings.leaseDuration(),
                settings.renewDeadline(),
                settings.retryPeriod(),
                callbacks,
                true,
                LEASE);
        CompletableFuture<?> running = new LeaderElector(client, config, executor).start();
        election = running;
        var _ = running.whenComplete((done, problem) -> {
            leading = false;
            if (!running.isCancelled()) {
                onLost.run();
            }
        });
    }

    private void lead(Runnable onStart) {
        leading = true;
        // The election goes on renewing on its own thread meanwhile.
        executor.execute(onStart);
    }

    @Override
    public boolean leads() {
        return leading;
    }

    @Override
    public boolean fresh() {
        return leading
                && lock.lastRenewal().isPresent()
                && nanoTime.getAsLong() - lock.lastRenewal().getAsLong()
                        < settings.leaseDuration().toNanos();
    }

    /** Whether the election still goes on here; one that has died would leave a replica that never leads. */
    public boolean isAlive() {
        return nanoTime.getAsLong() - lock.lastTry()
                < settings.leaseDuration().multipliedBy(8).toNanos();
    }

    /** What tells this replica from the others. */
    public String identity() {
        return identity;
    }

    /** Gives the lease back, so that another replica leads at once. */
    @Override
    public void close() {
        if (election != null) {
            election.cancel(true);
        }
        leading = false;
        executor.shutdown();
        client.close();
    }
}
