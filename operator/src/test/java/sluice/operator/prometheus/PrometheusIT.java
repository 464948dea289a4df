package sluice.operator.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.prometheus.SidecarPage.Arm;
import sluice.operator.rollout.Baseline;
import sluice.operator.rollout.Breach;
import sluice.operator.rollout.Canary;
import sluice.operator.rollout.Comparison;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.Gates;
import sluice.operator.rollout.Instructions;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Observation;
import sluice.operator.rollout.Orders;
import sluice.operator.rollout.Phase;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.rollout.RolloutDecider;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Run;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Sidecars;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.Signals;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Strategy;
import sluice.operator.rollout.Tally;
import sluice.operator.rollout.Threshold;
import sluice.operator.rollout.Timers;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrometheusIT {
    private static final String REVISION = "1111111111";
    private static final Limiter CANDIDATE = new Limiter(REVISION, "{}");
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration FOR = Duration.ofSeconds(5);

    private final SidecarPage page = new SidecarPage(
            true,
            Arm.healthy("fine", "stable", "off"),
            Arm.healthy("fine", "candidate", REVISION),
            Arm.healthy("failing", "stable", "off"),
            new Arm("failing", "candidate", REVISION, 100, 0.5, 0, 0.01, 0),
            Arm.healthy("slow", "stable", "off"),
            new Arm("slow", "candidate", REVISION, 100, 0, 1, 0.01, 0),
            Arm.healthy("locked-out", "stable", "off"),
            new Arm("locked-out", "candidate", REVISION, 100, 0, 0, 0.5, 0),
            Arm.healthy("tight", "stable", "off"),
            new Arm("tight", "candidate", REVISION, 100, 0, 0, 0.01, 0.75),
            Arm.healthy("lonely", "stable", "off"),
            new Arm("lonely", "candidate", REVISION, 0, 0, 0, 0, 0),
            Arm.healthy("replicated", "stable", "off"),
            new Arm("earlier", "candidate", "2222222222", 100, 0.5, 0, 0, 0));
    private final SidecarPage dying =
            new SidecarPage(Arm.healthy("dying", "stable", "off"), Arm.healthy("dying", "candidate", REVISION));

    private final SidecarPage silent = new SidecarPage(Arm.healthy("replicated", "stable", "off"));

    private final PrometheusProcess prometheus;
    private final PrometheusSignalReader reader;

    PrometheusIT(@TempDir Path folder) throws IOException {
        prometheus = PrometheusProcess.start(folder, List.of(page, dying, silent));
        reader = new PrometheusSignalReader(
                Map.of("default", new PrometheusProvider(prometheus.url(), Duration.ofSeconds(2))));
    }

    @BeforeAll
    void waitForTheFirstScrapes() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(read("fine").reading(Signal.ERROR_RATIO, Scope.CANDIDATE))
                    .isInstanceOf(Reading.Value.class);
            assertThat(read("dying").reading(Signal.ERROR_RATIO, Scope.CANDIDATE))
                    .isInstanceOf(Reading.Value.class);
        });
    }

    @AfterAll
    void stop() {
        reader.close();
        prometheus.close();
        page.close();
        dying.close();
        silent.close();
    }

    @Test
    void readsAHealthyRollout() {
        Signals signals = read("fine");
        assertThat(last(signals, Signal.ERROR_RATIO, Scope.CANDIDATE)).isZero();
        assertThat(last(signals, Signal.LATENCY_P95, Scope.SERVICE)).isLessThan(0.05);
        assertThat(last(signals, Signal.AUTH_FAILURES, Scope.SERVICE)).isEqualTo(0.01, within(1e-6));
        assertThat(last(signals, Signal.THROTTLED_RATIO, Scope.STABLE)).isZero();
        assertThat(last(signals.requests(Scope.CANDIDATE))).isPositive();
        assertThat(last(signals.requests(Scope.SERVICE))).isGreaterThan(last(signals.requests(Scope.CANDIDATE)));
        assertThat(last(signals.busiestIdentity())).isEqualTo(0.25, within(1e-6));
    }

    @Test
    void tellsErrorsOfTheCandidateFromThoseOfTheService() {
        Signals signals = read("failing");
        assertThat(last(signals, Signal.ERROR_RATIO, Scope.CANDIDATE)).isEqualTo(0.5, within(1e-6));
        assertThat(last(signals, Signal.ERROR_RATIO, Scope.SERVICE)).isEqualTo(0.25, within(1e-6));
    }

    @Test
    void readsLatencyInSeconds() {
        assertThat(last(read("slow"), Signal.LATENCY_P95, Scope.CANDIDATE)).isBetween(0.9, 1.0);
    }

    @Test
    void readsAuthenticationFailures() {
        assertThat(last(read("locked-out"), Signal.AUTH_FAILURES, Scope.CANDIDATE))
                .isEqualTo(0.5, within(1e-6));
    }

    @Test
    void readsThrottlingOfBothArms() {
        Signals signals = read("tight");
        assertThat(last(signals, Signal.THROTTLED_RATIO, Scope.CANDIDATE)).isEqualTo(0.75, within(1e-6));
        assertThat(last(signals, Signal.THROTTLED_RATIO, Scope.STABLE)).isZero();
    }

    @Test
    void whatTheLimiterRejectsIsNoError() {
        assertThat(last(read("tight"), Signal.ERROR_RATIO, Scope.CANDIDATE)).isZero();
    }

    @Test
    void countsWhatEachArmAnsweredAndHowMuchOfItFailed() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Signals signals = compared("failing", Instant.now().minusSeconds(10));
            // Ten seconds of a hundred requests each, as closely as scrapes every second can tell.
            assertThat(signals.tally(Scope.CANDIDATE)).isInstanceOfSatisfying(Tally.Counted.class, candidate -> {
                assertThat(candidate.responses()).isBetween(800.0, 1200.0);
                assertThat(candidate.errors()).isEqualTo(candidate.responses() / 2, within(1e-3));
            });
            assertThat(signals.tally(Scope.STABLE)).isInstanceOfSatisfying(Tally.Counted.class, stable -> {
                assertThat(stable.responses()).isBetween(800.0, 1200.0);
                assertThat(stable.errors()).isZero();
            });
        });
        assertThat(compared("failing", Instant.now()).tally(Scope.STABLE))
                .isEqualTo(new Tally.Missing("the step has only begun"));
        assertThat(compared("earlier", Instant.now().minusSeconds(10)).tally(Scope.CANDIDATE))
                .isEqualTo(new Tally.Missing("there is no such series"));
    }

    private Signals compared(String rollout, Instant since) {
        SignalQuery query = new SignalQuery(
                "apps",
                rollout,
                Optional.of(REVISION),
                Optional.of(since),
                Map.of(Scope.CANDIDATE, since, Scope.STABLE, since),
                false,
                List.of());
        Gates gates = new Gates(List.of(), 0, Optional.of(new Comparison(0.01, 0.95)));
        RolloutPlan plan =
                new RolloutPlan(CANDIDATE, Limiter.OFF, plan().strategy(), plan().stopLoss(), gates, Instructions.NONE);
        return reader.read(query, plan, Instant.now());
    }

    @Test
    void readsTheBaselineOverWhatThereIs() {
        Reading baseline = reader.read(
                        new SignalQuery("apps", "fine", Optional.empty(), Optional.empty(), true, List.of()),
                        plan(),
                        Instant.now())
                .baseline(Signal.AUTH_FAILURES);
        assertThat(last(baseline)).isEqualTo(0.01, within(1e-6));
    }

    @Test
    void readsTheFiguresOfAService() {
        Figures figures = reader.figures("apps", "fine", plan(), Instant.now());
        assertThat(last(figures.requests())).isPositive();
        assertThat(last(figures.errorRatio())).isZero();
        assertThat(last(figures.latencyP50())).isLessThanOrEqualTo(last(figures.latencyP95()));
        assertThat(last(figures.latencyP95()))
                .isLessThanOrEqualTo(last(figures.latencyP99()))
                .isLessThan(0.05);
        assertThat(last(figures.authFailures())).isEqualTo(0.01, within(1e-6));
        assertThat(last(figures.throttledRatio())).isZero();
        assertThat(last(figures.fallback())).isEqualTo(1);
        assertThat(reader.figures("elsewhere", "fine", plan(), Instant.now()).latencyP99())
                .isEqualTo(new Reading.NoTraffic());
    }

    @Test
    void anArmWithoutCallersHasNoTrafficAndIsNotMissing() {
        Signals signals = read("lonely");
        assertThat(signals.requests(Scope.CANDIDATE)).isEqualTo(new Reading.NoTraffic());
        for (Signal signal : Signal.builtIn()) {
            assertThat(signals.reading(signal, Scope.CANDIDATE)).isEqualTo(new Reading.NoTraffic());
            assertThat(signals.reading(signal, Scope.SERVICE)).isInstanceOf(Reading.Value.class);
        }
    }

    @Test
    void anotherRevisionsNumbersAreNotTheCandidates() {
        assertThat(read("earlier").requests(Scope.CANDIDATE)).isInstanceOf(Reading.Missing.class);
    }

    @Test
    void anotherNamespacesNumbersAreInvisible() {
        SignalQuery elsewhere = new SignalQuery(
                "elsewhere", "fine", Optional.of(REVISION), Optional.of(Instant.now()), false, List.of());
        assertThat(reader.read(elsewhere, plan(), Instant.now()))
                .isEqualTo(Signals.missing("no sidecar of the rollout was scraped within the last 4 s"));
    }

    @Test
    void aTargetThatDiesIsMissingData() {
        dying.close();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Signals signals = read("dying");
            assertThat(signals.reading(Signal.ERROR_RATIO, Scope.SERVICE)).isInstanceOf(Reading.Missing.class);
            assertThat(signals.requests(Scope.CANDIDATE)).isInstanceOf(Reading.Missing.class);
        });
    }

    @Test
    void onePodDoesNotVouchForAnother() {
        List<Instant> two = List.of(Instant.EPOCH, Instant.EPOCH);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(read("replicated", two).partial()).isEmpty());

        silent.close();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Signals signals = read("replicated", two);
            assertThat(signals.partial()).contains("1 of 2 pods were scraped within the last 4 s");
            assertThat(signals.reading(Signal.ERROR_RATIO, Scope.SERVICE)).isInstanceOf(Reading.Value.class);
        });
        assertThat(read("replicated", List.of(Instant.EPOCH, Instant.now())).partial())
                .isEmpty();
    }

    @Test
    void everyStopLossRuleIsBrokenByRealSamples() {
        Map.of(
                        "failing", Signal.ERROR_RATIO,
                        "slow", Signal.LATENCY_P95,
                        "locked-out", Signal.AUTH_FAILURES,
                        "tight", Signal.THROTTLED_RATIO)
                .forEach(this::rollsBack);
    }

    private void rollsBack(String rollout, Signal signal) {
        Instant began = Instant.now();
        RolloutState exposed = exposedSince(began);
        // From the same state each time: what breaks the rule is in Prometheus, nothing is counted in between.
        Evaluation broken = await().pollInterval(INTERVAL)
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> evaluate(rollout, exposed),
                        evaluation -> evaluation.decision() instanceof Decision.RollBack);
        assertThat(broken.next().phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(broken.next().lastRollback().orElseThrow().reason())
                .isInstanceOfSatisfying(RollbackReason.StopLossBroken.class, reason -> {
                    Breach breach = reason.breach();
                    assertThat(breach.signal()).isEqualTo(signal);
                    assertThat(breach.firstBreachingSample()).isAfterOrEqualTo(began);
                    assertThat(breach.samples()).hasSizeGreaterThanOrEqualTo(4);
                });
    }

    private Evaluation evaluate(String rollout, RolloutState state) {
        Instant now = Instant.now();
        Signals signals = reader.read(SignalQuery.of("apps", rollout, plan(), state, List.of(), now), plan(), now);
        Observation observation = new Observation(new Sidecars(2, 2, 2, 2), signals, List.of());
        return RolloutDecider.decide(plan(), state, observation, now);
    }

    private static RolloutState exposedSince(Instant began) {
        Baseline baseline = new Baseline(Map.of(Signal.AUTH_FAILURES, 0.01), began);
        Canary canary = new Canary(0, began, began, baseline);
        Progress progress = new Progress.Progressing(new Run(CANDIDATE, plan().strategy(), began), canary);
        return new RolloutState(
                3,
                Limiter.OFF,
                false,
                true,
                progress,
                Timers.NONE,
                Orders.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private Signals read(String rollout) {
        return read(rollout, List.of());
    }

    private Signals read(String rollout, List<Instant> readySince) {
        return reader.read(
                new SignalQuery(
                        "apps",
                        rollout,
                        Optional.of(REVISION),
                        Optional.of(Instant.now().minusSeconds(10)),
                        false,
                        readySince),
                plan(),
                Instant.now());
    }

    private static double last(Signals signals, Signal signal, Scope scope) {
        return last(signals.reading(signal, scope));
    }

    private static double last(Reading reading) {
        if (reading instanceof Reading.Value value) {
            return value.samples().last().value();
        }
        throw new AssertionError("no value: " + reading);
    }

    private static RolloutPlan plan() {
        List<StopLossRule> rules = List.of(
                new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), FOR),
                new StopLossRule(Signal.LATENCY_P95, new Threshold.Fixed(0.3), FOR),
                new StopLossRule(Signal.AUTH_FAILURES, new Threshold.TimesBaseline(3, 0.005, Duration.ofHours(1)), FOR),
                new StopLossRule(Signal.THROTTLED_RATIO, new Threshold.Fixed(0.05), FOR));
        Duration hour = Duration.ofHours(1);
        StopLoss stopLoss = new StopLoss("default", INTERVAL, rules, hour, hour, Duration.ofMinutes(2));
        Strategy strategy = new Strategy(FOR, List.of(new Step(10, hour), new Step(100, hour)));
        return new RolloutPlan(CANDIDATE, Limiter.OFF, strategy, stopLoss, Gates.NONE, Instructions.NONE);
    }
}
