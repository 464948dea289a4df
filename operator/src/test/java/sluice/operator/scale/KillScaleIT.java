package sluice.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.testing.RealApiServer;
import sluice.operator.testing.Replica;
import sluice.operator.testing.Replicas;

/**
 * SIGKILL at random moments of rollouts that go on meanwhile: two replicas as processes, a real API server, real streams. Whoever leads
 * goes on where the other was ended.
 */
class KillScaleIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final int KILLS = Integer.getInteger("scale.kills", 1);
    private static final long SEED = Long.getLong("scale.seed", System.nanoTime());
    private static final int LEASE_SECONDS = Integer.getInteger("scale.lease", 15);
    private static final int SERVICES = 3;
    private static final int MOST_MILLIS_BETWEEN = 4_000;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Random random = new Random(SEED);
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Long> failoverMillis = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void end() throws Exception {
        for (var each : toClose.reversed()) {
            each.close();
        }
    }

    @Test
    void goesOnWhereTheLeaderWasKilled() throws InterruptedException {
        System.out.println("Kills with -Dscale.seed=" + SEED);
        var prometheus = closing(new ScriptedPrometheus());
        var namespace = API.newNamespace("kills");
        var installation = closing(new Replicas(API, folder));
        start(installation, prometheus, namespace);
        var services = IntStream.range(0, SERVICES)
                .mapToObj(i -> new Service(client(), prometheus, namespace, "app-" + i, random.nextLong()))
                .toList();
        watch(namespace, services);

        var over = new AtomicBoolean();
        var lives = lives(services, installation.namespace(), over);
        // One that has ended before it is over has failed.
        for (var kill = 0; kill < KILLS && lives.stream().noneMatch(CompletableFuture::isDone); kill++) {
            awaitLeader(installation);
            Thread.sleep(random.nextInt(MOST_MILLIS_BETWEEN));
            kill(installation, kill % 5 != 4);
        }
        over.set(true);
        lives.forEach(CompletableFuture::join);

        services.forEach(service -> service.chronicle.verify());
        Figures.keep("kills", figures(services));
        assertThat(failoverMillis).isNotEmpty();
    }

    private void start(Replicas installation, ScriptedPrometheus prometheus, String namespace) {
        var configuration = """
                prometheus: {providers: {default: {url: '%s', scrapeInterval: 500ms}}}
                leaderElection: {leaseDuration: %ds, renewDeadline: %ds, retryPeriod: %ds}
                watchNamespaces: [%s]
                """.formatted(
                prometheus.url(), LEASE_SECONDS, LEASE_SECONDS * 2 / 3, Math.max(1, LEASE_SECONDS / 7), namespace);
        replicas.add(installation.start("first", configuration));
        replicas.add(installation.start("second", configuration));
        awaitLeader(installation);
    }

    /** The leader, with the other one ready beside it. */
    private Replica awaitLeader(Replicas installation) {
        return await("a leader and a standby")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> leaderBesideAStandby(installation), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Replica> leaderBesideAStandby(Replicas installation) {
        revive(installation, 0);
        revive(installation, 1);
        return replicas.stream().allMatch(Replica::isReady)
                ? replicas.stream().filter(Replica::leads).findFirst()
                : Optional.empty();
    }

    /** As a kubelet does with whatever has ended: killed, or for want of its lease. */
    private void revive(Replicas installation, int index) {
        var replica = replicas.get(index);
        if (!replica.process().isAlive()) {
            replicas.set(index, installation.restart(replica));
        }
    }

    private List<CompletableFuture<Void>> lives(List<Service> services, String operatorNamespace, AtomicBoolean over) {
        var fleet = closing(new Fleet(client(), folder));
        var operators = List.copyOf(replicas);
        var threads = closing(Executors.newVirtualThreadPerTaskExecutor());
        // Closing waits for them, and a failure elsewhere is to end them all.
        toClose.add(threads::shutdownNow);
        fleet.prepare(services.getFirst().namespace());
        return services.stream()
                .map(service -> CompletableFuture.runAsync(
                        () -> {
                            service.begin(fleet, operatorNamespace, operators);
                            service.live(over);
                        },
                        threads))
                .toList();
    }

    private void watch(String namespace, List<Service> services) {
        Map<String, Service> byName = services.stream().collect(Collectors.toMap(Service::name, Function.identity()));
        toClose.add(client().resources(RateLimitRollout.class)
                .inNamespace(namespace)
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, RateLimitRollout rollout) {
                        var service = byName.get(rollout.getMetadata().getName());
                        if (service != null) {
                            service.chronicle.add(rollout.getStatus());
                        }
                    }

                    @Override
                    public void onClose(WatcherException cause) {}
                }));
    }

    /** Kills one, waits until the other leads, and starts the one that was killed again. */
    private void kill(Replicas installation, boolean theLeader) {
        var leader = awaitLeader(installation);
        var heir = 1 - replicas.indexOf(leader);
        var victim = theLeader ? leader : replicas.get(heir);
        var killedAt = System.nanoTime();
        victim.kill();
        if (theLeader) {
            await("a new leader")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        revive(installation, heir);
                        return replicas.get(heir).leads();
                    });
            failoverMillis.add(Duration.ofNanos(System.nanoTime() - killedAt).toMillis());
        }
        victim.process().onExit().join();
        revive(installation, replicas.indexOf(victim));
    }

    private Map<String, Object> figures(List<Service> services) {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("kills", KILLS);
        figures.put("of_the_leader", failoverMillis.size());
        figures.put("seed", SEED);
        figures.put("lease_seconds", LEASE_SECONDS);
        figures.put("failover_ms", failoverMillis.isEmpty() ? Map.of() : Figures.summary(failoverMillis));
        figures.put("promoted", sum(services, service -> service.promoted.get()));
        figures.put("rolled_back", sum(services, service -> service.rolledBack.get()));
        figures.put("commits_verified", sum(services, service -> service.chronicle.size()));
        return figures;
    }

    private static int sum(List<Service> services, ToIntFunction<Service> figure) {
        return services.stream().mapToInt(figure).sum();
    }

    private static KubernetesClient client() {
        return API.client();
    }

    private <T extends AutoCloseable> T closing(T part) {
        toClose.add(part);
        return part;
    }
}
