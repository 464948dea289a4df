package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.e2e.cluster.App;
import sluice.e2e.cluster.NodeProcesses;
import sluice.e2e.cluster.Operators;
import sluice.e2e.load.Load;
import sluice.e2e.story.Patience;
import sluice.e2e.story.Stage;

/**
 * What goes wrong reaches whoever is on call: each trouble is made for real, Prometheus has the chart's rules and Alertmanager its routes, both with
 * seconds for their minutes.
 */
@Order(10)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlertsE2E {
    private static final String INJECTION = "/api/courses?id=1%27%20OR%20%271%27=%271";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int TOKENS = 62;

    private final Stage stage = TestCluster.stage();
    private final SlackChannel slack = new SlackChannel();
    private final Callers callers = Callers.ofThisCluster(TestCluster.client());
    private final Http waf = Http.throughTheWaf();

    @BeforeAll
    void makeTrouble() {
        TestCluster.scripts()
                .run("around/alerts", "start", "--slack", slack.url().toString());
        // Rollouts that other scenarios have left rolled back.
        awaitTold("SluiceRolloutStalled");
        Load load = TestCluster.load(TestCluster.RATE);
        try {
            startRollout();
            throttleSomebody();
            loseRedis();
            loseTheScrapes();
            loseTheOperator();
            stopASidecarInMidRollback();
        } finally {
            load.stop();
        }
        // Last, for the day that it is compared with, some minutes here, must have been another.
        spoilTheService();
    }

    @AfterAll
    void end() {
        try {
            TestCluster.scripts().run("around/alerts", "stop");
        } finally {
            slack.close();
        }
    }

    private void spoilTheService() {
        Load load = TestCluster.load(TestCluster.RATE, "--invalid", "0.3");
        try {
            TestCluster.scripts().run("around/faults", "{\"arm\":\"stable\",\"errorRatio\":0.3,\"latencyMillis\":600}");
            var user = callers.newUser();
            Patience.until("alerts about the service and its attackers", PATIENCE, () -> {
                assertThat(waf.get(INJECTION, user).statusCode()).isEqualTo(403);
                return isTold("SluiceTokenErrors", "SluiceServerErrors", "SluiceLatencyHigh", "SluiceWafBlocks");
            });
        } finally {
            TestCluster.scripts().run("around/faults", "clear");
            load.stop();
        }
    }

    private void startRollout() {
        int mark = stage.apply(TestCluster.manifest()
                .withLimit(TOKENS, "1m", TOKENS)
                // What happens here is to be told, not to be ended.
                .with("/spec/stopLoss/rules/3/threshold", "0.99")
                .with("/spec/stopLoss/noData/rollBackAfter", "10m")
                .withHolds("30m", "1m"));
        stage.history()
                .await(
                        "weight 10",
                        mark,
                        Duration.ofMinutes(5),
                        rollout -> rollout.isCurrent() && rollout.weight() == 10);
    }

    private void throttleSomebody() {
        Patience.until("throttled callers", PATIENCE, () -> {
            var user = callers.newUser();
            // One in ten is in the candidate arm and has a limit.
            for (int sent = 0;
                    sent < 2 * TOKENS
                            && waf.get("/api/me", user)
                                    .headers()
                                    .firstValue("RateLimit")
                                    .isPresent();
                    sent++) {
                if (isTold("SluiceThrottled")) {
                    return true;
                }
            }
            return isTold("SluiceThrottled");
        });
    }

    private void loseRedis() {
        TestCluster.scripts().run("around/redis", "kill");
        try {
            awaitTold("SluiceLimiterFallback", "SluiceRedisDown");
        } finally {
            TestCluster.scripts().run("around/redis", "start");
        }
    }

    private void loseTheScrapes() {
        TestCluster.scripts().run("around/prometheus", "lose-sidecars");
        try {
            awaitTold("SluiceSidecarsNotScraped", "SluiceSignalsMissing", "SluiceRolloutStuck");
        } finally {
            TestCluster.scripts().run("around/prometheus", "find-sidecars");
        }
    }

    private void loseTheOperator() {
        scaleOperator(0);
        Pod bare;
        try {
            awaitTold("SluiceOperatorAbsent", "SluiceGuardLost");
            bare = replaceOnePod();
        } finally {
            scaleOperator(2);
        }
        awaitTold("SluicePodsWithoutSidecar");
        TestCluster.client().pods().resource(bare).delete();
        Patience.until(
                "every pod's sidecar",
                PATIENCE,
                () -> stage.app().pods().stream().allMatch(pod -> hasSidecar(pod) && Readiness.isPodReady(pod)));
    }

    private static void scaleOperator(int replicas) {
        TestCluster.client()
                .apps()
                .deployments()
                .inNamespace(Operators.NAMESPACE)
                .withName("sluice-operator")
                .scale(replicas);
    }

    /** The pod that comes in its place, without a sidecar, for nobody is there to give it one. */
    private Pod replaceOnePod() {
        TestCluster.client().pods().resource(stage.app().pods().getFirst()).delete();
        Patience.until(
                "a pod without a sidecar", PATIENCE, () -> bare().findAny().isPresent());
        return bare().findAny().orElseThrow();
    }

    private Stream<Pod> bare() {
        return stage.app().pods().stream().filter(pod -> !hasSidecar(pod));
    }

    private static boolean hasSidecar(Pod pod) {
        return pod.getSpec().getInitContainers().stream()
                .anyMatch(container -> container.getName().equals(App.SIDECAR));
    }

    private void stopASidecarInMidRollback() {
        var pod = stage.app().pods().getFirst();
        var sidecars = NodeProcesses.javaOfPod(pod.getMetadata().getUid()).stream()
                .filter(AlertsE2E::isSidecar)
                .toList();
        assertThat(sidecars).hasSize(1);
        signal("STOP", sidecars);
        try {
            abort();
            awaitTold("SluiceRollbackUnfinished", "SluiceSidecarsOutOfSync");
        } finally {
            signal("CONT", sidecars);
        }
    }

    private void abort() {
        var revision = stage.history().from(0).getLast().rollout().candidateRevision();
        var command = "sluice.dev/command=abort@" + revision + "/alerts";
        TestCluster.scripts()
                .kubectl(
                        "",
                        "-n",
                        TestCluster.NAMESPACE,
                        "annotate",
                        "--overwrite",
                        "ratelimitrollout",
                        App.NAME,
                        command);
    }

    private static boolean isSidecar(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("sluice.limiter");
    }

    private static void signal(String signal, List<ProcessHandle> processes) {
        for (var process : processes) {
            if (!process.isAlive()) {
                // A kubelet ends what does not answer its probes.
                continue;
            }
            try {
                int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor();
                assertThat(code).isZero();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void awaitTold(String... alerts) {
        Patience.until("messages about " + List.of(alerts), PATIENCE, () -> isTold(alerts));
    }

    private boolean isTold(String... alerts) {
        return Stream.of(alerts).noneMatch(alert -> slack.about(alert).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SluiceTokenErrors",
                "SluiceServerErrors",
                "SluiceLatencyHigh",
                "SluiceRedisDown",
                "SluiceGuardLost",
                "SluiceOperatorAbsent",
                "SluiceRollbackUnfinished"
            })
    void wakesWhoIsOnCall(String alert) {
        assertThat(slack.about(alert)).extracting(SlackChannel.Told::channel).contains("#oncall");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SluiceWafBlocks",
                "SluiceLimiterFallback",
                "SluiceThrottled",
                "SluiceSidecarsOutOfSync",
                "SluicePodsWithoutSidecar",
                "SluiceSidecarsNotScraped",
                "SluiceSignalsMissing",
                "SluiceRolloutStuck",
                "SluiceRolloutStalled"
            })
    void tellsWithoutWaking(String alert) {
        assertThat(slack.about(alert)).extracting(SlackChannel.Told::channel).containsOnly("#oncall-warnings");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SluiceServerErrors",
                "SluiceLatencyHigh",
                "SluiceRedisDown",
                "SluiceGuardLost",
                "SluiceThrottled"
            })
    void saysWhichRolloutAndWhereToReadOn(String alert) {
        assertThat(slack.about(alert)).anySatisfy(told -> {
            assertThat(told.title()).containsPattern("[a-z-]+/" + App.NAME + ":");
            assertThat(told.text()).containsPattern("[a-z-]+/" + App.NAME + ": ");
            assertThat(told.text()).contains("docs/ONCALL_RUNBOOK.md#" + alert.toLowerCase(Locale.ROOT));
        });
    }
}
