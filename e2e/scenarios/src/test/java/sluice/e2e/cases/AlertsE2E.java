package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static sluice.e2e.cases.OnCall.PATIENCE;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.e2e.cluster.App;
import sluice.e2e.cluster.NodeProcesses;
import sluice.e2e.cluster.Operators;
import sluice.e2e.load.Load;
import sluice.e2e.story.Afterwards;
import sluice.e2e.story.Patience;
import sluice.e2e.story.Stage;

/** What goes wrong with a rollout, its service and its operator reaches whoever is on call: each trouble is made for real. */
@Order(11)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlertsE2E {
    private static final String INJECTION = "/api/courses?id=1%27%20OR%20%271%27=%271";
    private static final int TOKENS = 62;

    private final Stage stage = TestCluster.stage();
    private final OnCall onCall = new OnCall();
    private final Callers callers = Callers.ofThisCluster(TestCluster.client());
    private final Http waf = Http.throughTheWaf();

    @BeforeAll
    void makeTrouble() {
        onCall.begin();
        // Rollouts that other scenarios have left rolled back.
        onCall.awaitTold("SluiceRolloutStalled");
        Load load = TestCluster.load(TestCluster.RATE);
        try (Afterwards _ = load::stop) {
            startRollout();
            throttleSomebody();
            loseRedis();
            loseTheScrapes();
            loseTheOperator();
            stopASidecarInMidRollback();
        }
        // Last, for the day that it is compared with, some minutes here, must have been another.
        spoilTheService();
    }

    @AfterAll
    void end() {
        onCall.close();
    }

    private static void run(String script, String... arguments) {
        TestCluster.scripts().run(script, arguments);
    }

    private void spoilTheService() {
        Load load = TestCluster.load(TestCluster.RATE, "--invalid", "0.3");
        try (Afterwards _ = load::stop;
                Afterwards _ = () -> run("around/faults", "clear")) {
            run("around/faults", "{\"arm\":\"stable\",\"errorRatio\":0.3,\"latencyMillis\":600}");
            var user = callers.newUser();
            Patience.until("alerts about the service and its attackers", PATIENCE, () -> {
                assertThat(waf.get(INJECTION, user).statusCode()).isEqualTo(403);
                return onCall.isTold("SluiceTokenErrors", "SluiceServerErrors", "SluiceLatencyHigh", "SluiceWafBlocks");
            });
        }
    }

    private void startRollout() {
        int mark = stage.apply(TestCluster.manifest()
                // By the hour: a caller who is slow is to use it up, too.
                .withLimit(TOKENS, "1h", TOKENS)
                // What happens here is to be told, not to be ended.
                .with("/spec/stopLoss/rules/3/threshold", "0.99")
                .with("/spec/stopLoss/noData/rollBackAfter", "30m")
                .with("/spec/stopLoss/progressDeadline", "1h")
                .withHolds("1h", "1m"));
        stage.history()
                .await(
                        "weight 10",
                        mark,
                        Duration.ofMinutes(8),
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
                if (onCall.isTold("SluiceThrottled")) {
                    return true;
                }
            }
            return onCall.isTold("SluiceThrottled");
        });
    }

    /**
     * Of a rollout for which somebody is woken nobody is warned as well: the fallback is told in the seconds before Redis is known to be down, or, where
     * a busy machine was too slow for that, in the next outage.
     */
    private void loseRedis() {
        Patience.until("a message about SluiceLimiterFallback", PATIENCE, () -> {
            Patience.until(
                    "nobody to be woken", PATIENCE, () -> !onCall.isFiring("namespace=\"apps\",severity=\"critical\""));
            run("around/redis", "kill");
            try (Afterwards _ = () -> run("around/redis", "start")) {
                onCall.awaitTold("SluiceRedisDown");
                Patience.until("Redis to be down", PATIENCE, () -> onCall.isFiring("alertname=\"SluiceRedisDown\""));
            }
            return onCall.isTold("SluiceLimiterFallback");
        });
    }

    private void loseTheScrapes() {
        run("around/prometheus", "lose-sidecars");
        try (Afterwards _ = () -> run("around/prometheus", "find-sidecars")) {
            onCall.awaitTold("SluiceSidecarsNotScraped", "SluiceSignalsMissing", "SluiceRolloutStuck");
        }
    }

    private void loseTheOperator() {
        scaleOperator(0);
        try (Afterwards _ = () -> scaleOperator(2)) {
            onCall.awaitTold("SluiceOperatorAbsent", "SluiceGuardLost");
            // One that is on its way out may still give a pod its sidecar.
            Patience.until(
                    "the operator's end",
                    PATIENCE,
                    () -> TestCluster.operators().pods().isEmpty());
            replaceOnePod();
        }
        onCall.awaitTold("SluicePodsWithoutSidecar");
        Patience.until("every pod's sidecar", PATIENCE, () -> {
            // Again, should the webhook not have been reached yet.
            bare().forEach(pod -> TestCluster.client().pods().resource(pod).delete());
            return stage.app().isWhole(pod -> hasSidecar(pod) && Readiness.isPodReady(pod));
        });
    }

    private static void scaleOperator(int replicas) {
        TestCluster.client()
                .apps()
                .deployments()
                .inNamespace(Operators.NAMESPACE)
                .withName("sluice-operator")
                .scale(replicas);
    }

    /** By one without a sidecar, for nobody is there to give it one. */
    private void replaceOnePod() {
        TestCluster.client().pods().resource(stage.app().pods().getFirst()).delete();
        Patience.until(
                "a pod without a sidecar", PATIENCE, () -> bare().findAny().isPresent());
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
        try (Afterwards _ = () -> signal("CONT", sidecars)) {
            stage.command("abort");
            onCall.awaitTold("SluiceRollbackUnfinished", "SluiceSidecarsOutOfSync");
        }
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
                assertThat(code == 0 || !process.isAlive()).isTrue();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
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
        assertThat(onCall.about(alert)).extracting(SlackChannel.Told::channel).contains("#oncall");
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
        assertThat(onCall.about(alert)).extracting(SlackChannel.Told::channel).containsOnly("#oncall-warnings");
    }

    /** Every alert, with whom it concerns and by how much, or what is known instead of a number. */
    static Stream<Arguments> said() {
        var rollout = "[a-z0-9-]+/[a-z0-9-]+: ";
        return Stream.of(
                arguments("SluiceTokenErrors", rollout + "[0-9.]+% of requests have a token that is invalid, .*%"),
                arguments("SluiceServerErrors", rollout + "[0-9.]+% of the answers to the stable arm are 5xx, over 1%"),
                arguments("SluiceLatencyHigh", rollout + "P95 of the \\w+ arm is [0-9.]+m?s, over 300ms"),
                arguments("SluiceRedisDown", rollout + "Redis answers no sidecar, [1-9]\\d* of them limit in memory"),
                arguments("SluiceGuardLost", rollout + "[1-9]\\d* sidecars have not heard from the operator"),
                arguments("SluiceOperatorAbsent", "No replica of the operator in " + Operators.NAMESPACE + " leads"),
                arguments("SluiceRollbackUnfinished", rollout + "has been rolling back for 5 minutes"),
                arguments(
                        "SluiceWafBlocks",
                        "[0-9.]+m? requests/s are blocked by the WAF (in front of [a-z0-9-]+/[a-z0-9-]+|at [^, ]+|by its rule [^, ]+), more than 5 times"),
                arguments("SluiceLimiterFallback", rollout + "[1-9]\\d* sidecars limit in memory"),
                arguments("SluiceThrottled", rollout + "[0-9.]+% of the requests in the \\w+ arm are over a limit"),
                arguments("SluiceSidecarsOutOfSync", rollout + "[1-9]\\d* of its pods have no sidecar that does as"),
                arguments("SluicePodsWithoutSidecar", rollout + "[1-9]\\d* of its pods were created without a sidecar"),
                arguments("SluiceSidecarsNotScraped", rollout + "[1-9]\\d* sidecars are not scraped"),
                arguments("SluiceSignalsMissing", rollout + "stop-loss rules have no data"),
                arguments("SluiceRolloutStuck", rollout + "has not gone on for 15 minutes \\([A-Z]\\w+\\)"),
                arguments("SluiceRolloutStalled", rollout + "goes on only when somebody .* \\([A-Z]\\w+\\)"));
    }

    /** One message may be about several alerts: each has its own way to read on below its own words. */
    @ParameterizedTest
    @MethodSource("said")
    void saysWhomItConcernsByHowMuchAndWhereToReadOn(String alert, String words) {
        assertThat(onCall.about(alert))
                .anySatisfy(told -> assertThat(told.text())
                        .containsPattern(words + "[^\\n]*\\s+docs/ONCALL_RUNBOOK\\.md#" + alert.toLowerCase(Locale.ROOT)
                                + "\\b"));
    }

    @Test
    void namesTheRolloutInTheTitle() {
        assertThat(onCall.about("SluiceRedisDown"))
                .anySatisfy(told -> assertThat(told.title()).contains("/" + App.NAME + ":"));
    }
}
