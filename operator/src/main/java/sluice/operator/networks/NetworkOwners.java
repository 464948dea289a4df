package sluice.operator.networks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whose the networks are that the WAF blocks most. Looks again and again once it is started; what is wrong is said once and stops
 * nothing.
 */
public final class NetworkOwners implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkOwners.class);

    private final BlockedNetworks blocked;
    private final AsnFile file;
    private final ScheduledExecutorService turns = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("networks").factory());
    private List<String> networks = List.of();
    private volatile Map<String, AutonomousSystem> owners = Map.of();
    private String lastProblem = "";

    public NetworkOwners(BlockedNetworks blocked, Path file) {
        this.blocked = blocked;
        this.file = new AsnFile(file);
    }

    /** Looks at once, and then that often. */
    public void start(Duration every) {
        var _ = turns.scheduleWithFixedDelay(this::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whose each of them is; none before it is started, and while the file cannot be read. */
    public Map<String, AutonomousSystem> owners() {
        return owners;
    }

    @Override
    public void close() {
        turns.shutdownNow();
    }

    void look() {
        var problem = "";
        try {
            networks = blocked.most();
        } catch (IOException | RuntimeException e) {
            // Those of before will do meanwhile.
            problem = "blocked networks are not known: " + e.getMessage();
        }
        try {
            owners = file.owners(networks);
        } catch (IOException | RuntimeException e) {
            owners = Map.of();
            problem = String.valueOf(e.getMessage());
        }
        say(problem);
    }

    private void say(String problem) {
        if (!problem.isEmpty() && !problem.equals(lastProblem)) {
            LOG.atWarn().addKeyValue("problem", problem).log("no blocks by autonomous system");
        }
        lastProblem = problem;
    }
}
