package sluice.operator.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.operator.rollout.Baseline;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.Canary;
import sluice.operator.rollout.Comparison;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Gate;
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
import sluice.operator.rollout.Sample;
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

class PrometheusSignalReaderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.700Z");
    private static final long END = NOW.getEpochSecond();
    private static final SignalQuery EXPOSED = new SignalQuery(
            "apps", "api", Optional.of("1111111111"), Optional.of(NOW.minusSeconds(60)), false, ready(3));
    private static final SignalQuery OBSERVING =
            new SignalQuery("apps", "api", Optional.empty(), Optional.empty(), true, ready(3));

    private final FakePrometheus prometheus = new FakePrometheus(PrometheusSignalReaderTest::healthy);
    private final PrometheusSignalReader reader = new PrometheusSignalReader(
            Map.of("default", new PrometheusProvider(prometheus.url(), Duration.ofSeconds(15))));

    @AfterEach
    void stop() {
        reader.close();
        prometheus.close();
    }

    @Test
    void readsEverySignalInEveryScope() {
        Signals signals = reader.read(EXPOSED, plan(), NOW);
        for (Signal signal : Signal.builtIn()) {
            assertThat(signals.reading(signal, Scope.CANDIDATE)).isInstanceOf(Reading.Value.class);
            assertThat(signals.reading(signal, Scope.SERVICE)).isInstanceOf(Reading.Value.class);
        }
        assertThat(signals.reading(Signal.THROTTLED_RATIO, Scope.STABLE)).isInstanceOf(Reading.Value.class);
        assertThat(signals.requests(Scope.CANDIDATE)).isInstanceOf(Reading.Value.class);
        assertThat(signals.busiestIdentity()).isInstanceOf(Reading.Value.class);
    }

    @Test
    void asksForAsManySamplesAsTheWindowHasEndingNow() {
        reader.read(EXPOSED, plan(), NOW);
        assertThat(prometheus.asked())
                .filteredOn(asked -> "/api/v1/query_range".equals(asked.get("path"))
                        && asked.getOrDefault("query", "").contains("5xx"))
                .hasSize(2)
                .allSatisfy(asked -> assertThat(asked)
                        .containsEntry("start", Long.toString(END - 290))
                        .containsEntry("end", Long.toString(END))
                        .containsEntry("step", "10"));
    }

    @Test
    void countsTheCandidatesRequestsSinceTheStepBegan() {
        assertThat(reader.read(EXPOSED, plan(), NOW).stepRequests()).isInstanceOf(Reading.Value.class);
        assertThat(prometheus.asked())
                .anyMatch(asked -> asked.getOrDefault("query", "")
                        .matches("sum\\(increase\\(sluice_decisions_total.*candidate.*\\[59s]\\)\\)"));
    }

    @Test
    void countsWhatBothArmsAnsweredForAComparison() {
        SignalQuery query = new SignalQuery(
                "apps",
                "api",
                Optional.of("1111111111"),
                Optional.of(NOW.minusSeconds(60)),
                Map.of(Scope.CANDIDATE, NOW.minusSeconds(60), Scope.STABLE, NOW.minusSeconds(600)),
                false,
                ready(3));
        Gates compared = new Gates(List.of(), 0, Optional.of(new Comparison(0.01, 0.95)));
        RolloutPlan plan = new RolloutPlan(
                Limiter.OFF, Limiter.OFF, plan().strategy(), plan().stopLoss(), compared, Instructions.NONE);
        Signals signals = reader.read(query, plan, NOW);
        assertThat(signals.tally(Scope.CANDIDATE)).isInstanceOf(Tally.Counted.class);
        assertThat(signals.tally(Scope.STABLE)).isInstanceOf(Tally.Counted.class);
        assertThat(prometheus.asked())
                .extracting(asked -> asked.getOrDefault("query", ""))
                .contains(
                        "sum(increase(sluice_app_responses_total{namespace=\"apps\",rollout=\"api\",arm=\"candidate\","
                                + "revision=\"1111111111\"}[59s]))",
                        "sum(increase(sluice_app_responses_total{namespace=\"apps\",rollout=\"api\",arm=\"stable\","
                                + "class=\"5xx\"}[599s]))");
        prometheus.answer(FakePrometheus.status(503, "busy"));
        assertThat(reader.read(query, plan, NOW).tally(Scope.STABLE)).isInstanceOf(Tally.Missing.class);
    }

    @Test
    void countsNoAnswersWhereNobodyAskedForAComparison() {
        assertThat(reader.read(EXPOSED, plan(), NOW).tally(Scope.CANDIDATE)).isInstanceOf(Tally.Missing.class);
        assertThat(prometheus.asked())
                .noneMatch(asked -> asked.getOrDefault("query", "").contains("increase(sluice_app_responses_total"));
    }

    @Test
    void countsNoRequestsOfAStepWhileThereIsNone() {
        assertThat(reader.read(OBSERVING, plan(), NOW).stepRequests()).isInstanceOf(Reading.Missing.class);
    }

    @Test
    void readsTheNewestValueForAGateThatHasNoRule() {
        Signals signals = reader.read(EXPOSED, gated(), NOW);
        assertThat(signals.reading(Signal.THROTTLED_RATIO, Scope.CANDIDATE)).isInstanceOf(Reading.Value.class);
        assertThat(signals.reading(Signal.THROTTLED_RATIO, Scope.STABLE)).isInstanceOf(Reading.Value.class);
        assertThat(signals.reading(Signal.LATENCY_P95, Scope.CANDIDATE)).isInstanceOf(Reading.Missing.class);
    }

    @Test
    void readsWhatTheStableArmThrottlesForAGateWhileItIsStillThere() {
        Signals signals = reader.read(OBSERVING, gated(), NOW);
        assertThat(signals.reading(Signal.THROTTLED_RATIO, Scope.STABLE)).isInstanceOf(Reading.Value.class);
        assertThat(signals.reading(Signal.THROTTLED_RATIO, Scope.CANDIDATE)).isInstanceOf(Reading.Missing.class);
    }

    private static RolloutPlan gated() {
        return new RolloutPlan(
                Limiter.OFF,
                Limiter.OFF,
                plan().strategy(),
                new StopLoss(
                        "default",
                        plan().stopLoss().interval(),
                        List.of(),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(2)),
                new Gates(List.of(new Gate(Signal.THROTTLED_RATIO, 0.1)), 0),
                Instructions.NONE);
    }

    @Test
    void readsNoCandidateWhileThereIsNone() {
        Signals signals = reader.read(OBSERVING, plan(), NOW);
        assertThat(signals.reading(Signal.ERROR_RATIO, Scope.CANDIDATE)).isInstanceOf(Reading.Missing.class);
        assertThat(prometheus.asked())
                .noneMatch(asked -> asked.getOrDefault("query", "").contains("candidate"));
    }

    @Test
    void readsBaselinesOfTheStableArmWhileObserving() {
        Signals signals = reader.read(OBSERVING, plan(), NOW);
        assertThat(signals.baseline(Signal.AUTH_FAILURES)).isInstanceOf(Reading.Value.class);
        assertThat(prometheus.asked())
                .anyMatch(asked -> asked.getOrDefault("query", "")
                        .contains("sluice_auth_total{namespace=\"apps\",rollout=\"api\",arm=\"stable\"}[3600s]"));
    }

    @Test
    void noTrafficIsWhatTheRequestRateSays() {
        prometheus.answer((exchange, asked) -> {
            String query = asked.getOrDefault("query", "");
            if (query.startsWith("sum(rate(") && !query.contains(" / ")) {
                FakePrometheus.body(vector("0")).answer(exchange, asked);
            } else if (query.startsWith("count(")) {
                FakePrometheus.body(vector("3")).answer(exchange, asked);
            } else {
                FakePrometheus.body(empty(asked)).answer(exchange, asked);
            }
        });
        Signals signals = reader.read(EXPOSED, plan(), NOW);
        assertThat(signals.requests(Scope.SERVICE)).isEqualTo(new Reading.NoTraffic());
        assertThat(signals.reading(Signal.ERROR_RATIO, Scope.CANDIDATE)).isEqualTo(new Reading.NoTraffic());
        assertThat(signals.reading(Signal.LATENCY_P95, Scope.SERVICE)).isEqualTo(new Reading.NoTraffic());
        assertThat(signals.busiestIdentity()).isEqualTo(new Reading.NoTraffic());
    }

    @Test
    void noValueInSpiteOfTrafficIsMissing() {
        prometheus.answer((exchange, asked) -> FakePrometheus.body(
                        "/api/v1/query_range".equals(asked.get("path")) ? empty(asked) : vector("3"))
                .answer(exchange, asked));
        assertThat(reader.read(EXPOSED, plan(), NOW).reading(Signal.ERROR_RATIO, Scope.CANDIDATE))
                .isEqualTo(new Reading.Missing("there is no value for the present moment"));
    }

    @Test
    void aSeriesThatEndsBeforeNowHasNoValueNow() {
        prometheus.answer((exchange, asked) -> FakePrometheus.body(
                        "/api/v1/query_range".equals(asked.get("path")) ? matrix(END - 10, "0.5") : vector("3"))
                .answer(exchange, asked));
        assertThat(reader.read(EXPOSED, plan(), NOW).reading(Signal.ERROR_RATIO, Scope.CANDIDATE))
                .isInstanceOf(Reading.Missing.class);
    }

    @Test
    void readingsAreOfAllWhenEveryPodWasScraped() {
        answerScraped("3");
        assertThat(reader.read(EXPOSED, plan(), NOW).partial()).isEmpty();
    }

    @Test
    void readingsOfSomeSidecarsSaySoAndStillShowABreach() {
        answerScraped("1");
        Signals signals = reader.read(EXPOSED, plan(), NOW);
        assertThat(signals.partial()).contains("1 of 3 pods were scraped within the last 30 s");
        assertThat(signals.reading(Signal.ERROR_RATIO, Scope.SERVICE)).isInstanceOf(Reading.Value.class);
    }

    @Test
    void aPodThatCameLatelyNeedNotHaveBeenScraped() {
        answerScraped("2");
        assertThat(reader.read(with(44), plan(), NOW).partial()).isEmpty();
        assertThat(reader.read(with(46), plan(), NOW).partial())
                .contains("2 of 3 pods were scraped within the last 30 s");
    }

    @Test
    void aPodThatHasGoneHidesNothing() {
        answerScraped("4");
        assertThat(reader.read(EXPOSED, plan(), NOW).partial()).isEmpty();
    }

    private static SignalQuery with(long secondsOfTheThird) {
        List<Instant> since =
                List.of(NOW.minusSeconds(600), NOW.minusSeconds(600), NOW.minusSeconds(secondsOfTheThird));
        return new SignalQuery(
                "apps", "api", Optional.of("1111111111"), Optional.of(NOW.minusSeconds(60)), false, since);
    }

    private static List<Instant> ready(int pods) {
        return Collections.nCopies(pods, NOW.minusSeconds(600));
    }

    @Test
    void everythingIsMissingWhenNoSidecarWasEverScraped() {
        prometheus.answer((exchange, asked) -> FakePrometheus.body(empty(asked)).answer(exchange, asked));
        assertThat(reader.read(EXPOSED, plan(), NOW))
                .isEqualTo(Signals.missing("no sidecar of the rollout was scraped within the last 30 s"));
    }

    @Test
    void whatWasSeenUntilTheLastSidecarFellSilentIsKept() {
        String why = "no sidecar of the rollout was scraped within the last 30 s";
        answerSilentSince(END - 30);
        Signals signals = reader.read(EXPOSED, plan(), NOW);
        assertThat(signals.reading(Signal.ERROR_RATIO, Scope.CANDIDATE))
                .isInstanceOfSatisfying(Reading.Missing.class, missing -> {
                    assertThat(missing.why()).isEqualTo(why);
                    assertThat(missing.before()).hasSize(27);
                    assertThat(missing.before().getLast()).isEqualTo(new Sample(Instant.ofEpochSecond(END - 30), 0.5));
                });
        Reading missing = new Reading.Missing(why);
        assertThat(signals.requests(Scope.SERVICE)).isEqualTo(missing);
        assertThat(signals.requests(Scope.CANDIDATE)).isEqualTo(missing);
        assertThat(signals.busiestIdentity()).isEqualTo(missing);
        assertThat(signals.stepRequests()).isEqualTo(missing);
        assertThat(reader.read(OBSERVING, plan(), NOW).baseline(Signal.AUTH_FAILURES))
                .isEqualTo(missing);
    }

    @Test
    void aRuleIsBrokenThoughItsLastSidecarFellSilent() {
        answerSilentSince(END - 30);
        Observation seen = new Observation(new Sidecars(1, 1, 1, 1), reader.read(EXPOSED, plan(), NOW), List.of());
        Instant began = NOW.minusSeconds(600);
        Run run = new Run(new Limiter("1111111111", "{}"), plan().strategy(), began);
        Baseline baseline = new Baseline(Map.of(Signal.AUTH_FAILURES, 0.01), began);
        RolloutState state = new RolloutState(
                3,
                Limiter.OFF,
                false,
                true,
                new Progress.Baking(run, new Canary(0, began, began, baseline)),
                Timers.NONE,
                Orders.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of());
        assertThat(RolloutDecider.decide(plan(), state, seen, NOW).decision())
                .isInstanceOfSatisfying(
                        Decision.RollBack.class,
                        back -> assertThat(back.reason()).isInstanceOf(RollbackReason.StopLossBroken.class));
    }

    private void answerSilentSince(long last) {
        prometheus.answer((exchange, asked) -> {
            if (asked.getOrDefault("query", "").startsWith("count(")) {
                FakePrometheus.body(empty(asked)).answer(exchange, asked);
            } else {
                FakePrometheus.body(
                                "/api/v1/query_range".equals(asked.get("path"))
                                        ? matrix(END - 290, last, "0.5")
                                        : vector("3"))
                        .answer(exchange, asked);
            }
        });
    }

    @Test
    void oneFailingQueryIsOneMissingReading() {
        prometheus.answer((exchange, asked) -> {
            if (asked.getOrDefault("query", "").contains("5xx")) {
                FakePrometheus.status(500, "do-not-echo").answer(exchange, asked);
            } else {
                healthy(exchange, asked);
            }
        });
        Signals signals = reader.read(EXPOSED, plan(), NOW);
        assertThat(signals.reading(Signal.ERROR_RATIO, Scope.SERVICE))
                .isEqualTo(new Reading.Missing("Prometheus answered 500"));
        assertThat(signals.reading(Signal.LATENCY_P95, Scope.SERVICE)).isInstanceOf(Reading.Value.class);
    }

    @Test
    void aPrometheusThatIsDownIsMissingData() {
        prometheus.close();
        assertThat(reader.read(EXPOSED, plan(), NOW)).isEqualTo(Signals.missing("Prometheus cannot be reached"));
    }

    @Test
    void anUnknownProviderIsMissingDataAndABlocker() {
        RolloutPlan plan = plan("nowhere", Duration.ofMinutes(5));
        assertThat(reader.read(EXPOSED, plan, NOW).busiestIdentity()).isInstanceOf(Reading.Missing.class);
        assertThat(reader.blockers(plan))
                .containsExactly(new Blocker(
                        "PrometheusUnknown",
                        "spec.stopLoss.prometheus: the operator's configuration has no 'nowhere', but [default]"));
    }

    @Test
    void aProviderThatScrapesTooRarelyForARuleIsABlocker() {
        assertThat(reader.blockers(plan("default", Duration.ofSeconds(29))))
                .hasSize(4)
                .first()
                .satisfies(blocker -> {
                    assertThat(blocker.reason()).isEqualTo("PrometheusTooSlow");
                    assertThat(blocker.message()).contains("ErrorRatio").contains("at least 30 s");
                });
        assertThat(reader.blockers(plan("default", Duration.ofSeconds(30)))).isEmpty();
    }

    @Test
    void anAddressThatIsNotHttpIsRefused() {
        assertThat(catchThrowable(
                        () -> new PrometheusProvider(URI.create("file:///etc/passwd"), Duration.ofSeconds(15))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void answerScraped(String pods) {
        prometheus.answer((exchange, asked) -> {
            if (asked.getOrDefault("query", "").startsWith("count(")) {
                FakePrometheus.body(vector(pods)).answer(exchange, asked);
            } else {
                healthy(exchange, asked);
            }
        });
    }

    private static void healthy(HttpExchange exchange, Map<String, String> asked) throws IOException {
        String body = "/api/v1/query_range".equals(asked.get("path")) ? matrix(END, "0.5") : vector("3");
        FakePrometheus.body(body).answer(exchange, asked);
    }

    private static String empty(Map<String, String> asked) {
        String type = "/api/v1/query_range".equals(asked.get("path")) ? "matrix" : "vector";
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"" + type + "\",\"result\":[]}}";
    }

    private static String matrix(long at, String value) {
        return matrix(at, at, value);
    }

    private static String matrix(long from, long to, String value) {
        String values = LongStream.iterate(from, at -> at <= to, at -> at + 10)
                .mapToObj(at -> "[" + at + ",\"" + value + "\"]")
                .collect(Collectors.joining(","));
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":["
                + values + "]}]}}";
    }

    private static String vector(String value) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":["
                + END + ",\"" + value + "\"]}]}}";
    }

    private static RolloutPlan plan() {
        return plan("default", Duration.ofMinutes(5));
    }

    private static RolloutPlan plan(String provider, Duration window) {
        Strategy strategy = new Strategy(Duration.ofMinutes(1), List.of(new Step(100, Duration.ofMinutes(1))));
        List<StopLossRule> rules = List.of(
                new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), window),
                new StopLossRule(Signal.LATENCY_P95, new Threshold.Fixed(0.3), window),
                new StopLossRule(
                        Signal.AUTH_FAILURES, new Threshold.TimesBaseline(3, 0.005, Duration.ofHours(1)), window),
                new StopLossRule(Signal.THROTTLED_RATIO, new Threshold.Fixed(0.05), window));
        Duration interval = Duration.ofSeconds(10);
        StopLoss stopLoss = new StopLoss(provider, interval, rules, window, window, window);
        return new RolloutPlan(Limiter.OFF, Limiter.OFF, strategy, stopLoss, Gates.NONE, Instructions.NONE);
    }
}
