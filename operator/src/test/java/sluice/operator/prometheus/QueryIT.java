package sluice.operator.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.operator.prometheus.SidecarPage.Arm;
import sluice.operator.rollout.Baseline;
import sluice.operator.rollout.Canary;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Gates;
import sluice.operator.rollout.Instructions;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Observation;
import sluice.operator.rollout.Orders;
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
import sluice.operator.rollout.Step;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Strategy;
import sluice.operator.rollout.Threshold;
import sluice.operator.rollout.Timers;

/** People's own queries against a real Prometheus: which it understands, which say something, and one that breaks its rule. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryIT {
    private static final Limiter CANDIDATE = new Limiter("1111111111", "{}");
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration FOR = Duration.ofSeconds(5);
    /** Failures a second, of a metric that no built-in signal is about. */
    private static final String FAILURES =
            "sum(rate(sluice_app_responses_total{rollout=\"failing\",class=\"5xx\"}[5s]))";

    private final SidecarPage page = new SidecarPage(
            Arm.healthy("failing", "stable", "off"), new Arm("failing", "candidate", "1111111111", 100, 0.5, 0, 0, 0));
    private final PrometheusProcess prometheus;
    private final PrometheusSignalReader reader;

    QueryIT(@TempDir Path folder) throws IOException {
        prometheus = PrometheusProcess.start(folder, List.of(page));
        reader = new PrometheusSignalReader(
                Map.of("default", new PrometheusProvider(prometheus.url(), Duration.ofSeconds(2), true)));
    }

    @BeforeAll
    void waitForTheFirstScrapes() {
        await().atMost(Duration.ofSeconds(60)).until(() -> read(FAILURES) instanceof Reading.Value);
    }

    @AfterAll
    void stop() {
        reader.close();
        prometheus.close();
        page.close();
    }

    @Test
    void aRuleByAQueryIsBrokenByRealSamples() {
        Instant began = Instant.now();
        RolloutState exposed = exposedSince(began);
        // From the same state each time: what breaks the rule is in Prometheus, nothing is counted in between.
        Evaluation broken = await().pollInterval(INTERVAL)
                .atMost(Duration.ofSeconds(60))
                .until(() -> evaluate(FAILURES, exposed), it -> it.decision() instanceof Decision.RollBack);
        assertThat(broken.next().lastRollback().orElseThrow().reason())
                .isInstanceOfSatisfying(RollbackReason.StopLossBroken.class, reason -> {
                    assertThat(reason.cause()).isEqualTo("own");
                    assertThat(reason.breach().scope()).isEqualTo(Scope.SERVICE);
                    assertThat(reason.breach().value()).isGreaterThanOrEqualTo(1);
                    assertThat(reason.breach().firstBreachingSample()).isAfterOrEqualTo(began);
                    assertThat(reason.breach().samples()).hasSizeGreaterThanOrEqualTo(4);
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sum(rate(up[5s])       | parse error
            x"}                      | parse error
            sum by (                 | parse error
            rate(up)               | expected type range vector
            up[5m]                   | range vector
            "seven"                  | string
            """)
    void whatIsNoQueryOfNumbersKeepsTheRolloutFromBeginningAndIsMissing(String promql, String words) {
        assertThat(reader.blockers(plan(promql))).singleElement().satisfies(blocker -> {
            assertThat(blocker.reason()).isEqualTo("QueryInvalid");
            assertThat(blocker.message())
                    .startsWith("spec.stopLoss.rules: the query own: Prometheus refuses the query: ")
                    .contains(words);
        });
        assertThat(read(promql))
                .isInstanceOfSatisfying(
                        Reading.Missing.class,
                        missing -> assertThat(missing.why()).contains(words));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sluice_app_responses_total{rollout="failing"} | the answer has several series
            sum(no_such_metric)                        | the query gives no series
            vector(0) / 0                              | a sample is not a finite number
            1 / vector(0)                              | a sample is not a finite number
            """)
    void whatIsNotExactlyOneFiniteNumberIsMissingButNoFaultOfTheQuery(String promql, String why) {
        assertThat(reader.blockers(plan(promql))).isEmpty();
        assertThat(read(promql))
                .isInstanceOfSatisfying(
                        Reading.Missing.class,
                        missing -> assertThat(missing.why()).startsWith(why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "vector(7)", "sum(no_such_metric) or vector(7)", "max(up) * 7", "7 # in words"})
    void oneNumberIsAValueHoweverItIsWritten(String promql) {
        assertThat(reader.blockers(plan(promql))).isEmpty();
        assertThat(read(promql))
                .isInstanceOfSatisfying(
                        Reading.Value.class,
                        value -> assertThat(value.samples().last().value()).isEqualTo(7));
    }

    private Reading read(String promql) {
        SignalQuery query = new SignalQuery(
                "apps", "failing", Optional.of("1111111111"), Optional.of(Instant.now()), false, List.of());
        return reader.read(query, plan(promql), Instant.now()).reading(new Signal.Query("own", promql), Scope.SERVICE);
    }

    private Evaluation evaluate(String promql, RolloutState state) {
        Instant now = Instant.now();
        var signals =
                reader.read(SignalQuery.of("apps", "failing", plan(promql), state, List.of(), now), plan(promql), now);
        return RolloutDecider.decide(
                plan(promql), state, new Observation(new Sidecars(1, 1, 1, 1), signals, List.of()), now);
    }

    private static RolloutState exposedSince(Instant began) {
        Canary canary = new Canary(0, began, began, new Baseline(Map.of(), began));
        return new RolloutState(
                3,
                Limiter.OFF,
                false,
                true,
                new Progress.Progressing(new Run(CANDIDATE, plan(FAILURES).strategy(), began), canary),
                Timers.NONE,
                Orders.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static RolloutPlan plan(String promql) {
        Duration hour = Duration.ofHours(1);
        var rule = new StopLossRule(new Signal.Query("own", promql), new Threshold.Fixed(1), FOR);
        StopLoss stopLoss = new StopLoss("default", INTERVAL, List.of(rule), hour, hour, Duration.ofMinutes(2));
        Strategy strategy = new Strategy(FOR, List.of(new Step(10, hour), new Step(100, hour)));
        return new RolloutPlan(CANDIDATE, Limiter.OFF, strategy, stopLoss, Gates.NONE, Instructions.NONE);
    }
}
