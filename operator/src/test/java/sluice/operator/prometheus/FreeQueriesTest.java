package sluice.operator.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.prometheus.FakePrometheus.body;
import static sluice.operator.prometheus.FakePrometheus.status;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.Gate;
import sluice.operator.rollout.Gates;
import sluice.operator.rollout.Instructions;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Strategy;
import sluice.operator.rollout.Threshold;

class FreeQueriesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.700Z");
    private static final long END = NOW.getEpochSecond();
    private static final Signal.Query CHECKOUT = new Signal.Query("checkout-errors", "sum(rate(checkout_failed[1m]))");
    private static final Signal.Query QUEUE = new Signal.Query("queue", "queue_length + 1");
    private static final SignalQuery EXPOSED = new SignalQuery(
            "apps", "api", Optional.of("1111111111"), Optional.of(NOW.minusSeconds(60)), false, List.of());
    private static final String REFUSED =
            "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid parameter \\\"query\\\": 1:4: parse error\"}";

    private final FakePrometheus prometheus = new FakePrometheus(FreeQueriesTest::sidecars);
    private final PrometheusSignalReader reader = new PrometheusSignalReader(Map.of(
            "default", new PrometheusProvider(prometheus.url(), Duration.ofSeconds(15), true),
            "closed", new PrometheusProvider(prometheus.url(), Duration.ofSeconds(15))));

    @AfterEach
    void stop() {
        reader.close();
        prometheus.close();
    }

    @Test
    void asksARulesQueryAsItIsWrittenOverTheRulesWindow() {
        answerQueries(body(matrix(END, "7")));
        assertThat(checkout()).isInstanceOf(Reading.Value.class);
        assertThat(asked(CHECKOUT))
                .singleElement()
                .satisfies(asked -> assertThat(asked)
                        .containsEntry("path", "/api/v1/query_range")
                        .containsEntry("start", Long.toString(END - 110))
                        .containsEntry("end", Long.toString(END))
                        .containsEntry("step", "10"));
    }

    @Test
    void asksAGatesQueryForTheNewestValue() {
        answerQueries(body(matrix(END, "7")));
        assertThat(reader.read(EXPOSED, plan("default"), NOW).reading(QUEUE, Scope.SERVICE))
                .isInstanceOf(Reading.Value.class);
        assertThat(asked(QUEUE))
                .singleElement()
                .satisfies(asked -> assertThat(asked)
                        .containsEntry("start", Long.toString(END))
                        .containsEntry("end", Long.toString(END)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [[%d,"7"]]          | sample of a past moment  | 10 | the query has no value for the present moment
            [[%d,"NaN"]]        | NaN                      | 0  | a sample is not a finite number
            """)
    void whatIsNoFiniteNumberNowIsMissing(String values, String what, long ago, String why) {
        answerQueries(body(result("{\"metric\":{},\"values\":" + values.formatted(END - ago) + "}")));
        assertThat(checkout())
                .as(what)
                .isInstanceOfSatisfying(
                        Reading.Missing.class,
                        missing -> assertThat(missing.why()).isEqualTo(why));
    }

    @Test
    void noSeriesIsMissingAndNotZero() {
        answerQueries(body(result("")));
        assertThat(checkout())
                .isEqualTo(new Reading.Missing(
                        "the query gives no series, and must give one; where none means zero, add: or vector(0)"));
    }

    @Test
    void severalSeriesAreMissing() {
        String one = "{\"metric\":{},\"values\":[[" + END + ",\"1\"]]}";
        answerQueries(body(result(one + "," + one)));
        assertThat(checkout()).isEqualTo(new Reading.Missing("the answer has several series"));
    }

    @Test
    void aRefusedQueryIsMissingInPrometheussOwnWords() {
        answerQueries(status(400, REFUSED));
        assertThat(checkout())
                .isEqualTo(new Reading.Missing(
                        "Prometheus refuses the query: invalid parameter \"query\": 1:4: parse error"));
    }

    @Test
    void aRefusedQueryKeepsARolloutFromBeginning() {
        answerQueries(status(400, REFUSED));
        assertThat(reader.blockers(plan("default")))
                .containsExactly(
                        new Blocker(
                                "QueryInvalid",
                                "spec.stopLoss.rules: the query checkout-errors: Prometheus refuses the query: invalid parameter \"query\": 1:4: parse error; mend it"),
                        new Blocker(
                                "QueryInvalid",
                                "spec.gates: the query queue: Prometheus refuses the query: invalid parameter \"query\": 1:4: parse error; mend it"));
    }

    @Test
    void aQueryThatWasUnderstoodIsNotCheckedAgain() {
        answerQueries(body(result("")));
        assertThat(reader.blockers(plan("default"))).isEmpty();
        assertThat(reader.blockers(plan("default"))).isEmpty();
        assertThat(asked(CHECKOUT)).hasSize(1);
    }

    @Test
    void aMendedQueryIsCheckedAnew() {
        answerQueries(status(400, REFUSED));
        assertThat(reader.blockers(plan("default"))).hasSize(2);
        answerQueries(body(result("")));
        assertThat(reader.blockers(plan("default"))).isEmpty();
    }

    @Test
    void aPrometheusThatDoesNotAnswerSaysNothingAgainstAQuery() {
        answerQueries(status(503, "do-not-echo"));
        assertThat(reader.blockers(plan("default"))).isEmpty();
    }

    @Test
    void whereQueriesAreNotAllowedNoneIsSentAndTheRolloutDoesNotBegin() {
        assertThat(reader.read(EXPOSED, plan("closed"), NOW).reading(CHECKOUT, Scope.SERVICE))
                .isEqualTo(new Reading.Missing("the operator's configuration allows no queries"));
        assertThat(reader.blockers(plan("closed")))
                .containsExactly(
                        new Blocker(
                                "QueriesNotAllowed",
                                "spec.stopLoss.rules: the query checkout-errors: queries are not allowed on the provider 'closed'; remove it,"
                                        + " or let the operator's owner set prometheus.providers.closed.allowQueries to true in its configuration"));
        assertThat(asked(CHECKOUT)).isEmpty();
    }

    @Test
    void whatPrometheusSaysIsOneShortLine() {
        answerQueries(status(400, REFUSED.replace("1:4:", "\\u001b[31m\\r\\n\\u202e" + "x".repeat(1_000))));
        assertThat(checkout())
                .isInstanceOfSatisfying(
                        Reading.Missing.class,
                        missing ->
                                assertThat(missing.why()).hasSizeLessThan(350).matches("[\\x20-\\x7e]+"));
    }

    @Test
    void aBadRequestThatIsNoRefusalIsNotQuoted() {
        answerQueries(status(400, REFUSED.replace("bad_data", "internal")));
        assertThat(checkout()).isEqualTo(new Reading.Missing("Prometheus answered 400"));
    }

    @Test
    void aRefusedBuiltInQueryIsNotQuoted() {
        prometheus.answer((exchange, asked) -> {
            if (asked.getOrDefault("query", "").contains("5xx")) {
                status(400, REFUSED).answer(exchange, asked);
            } else {
                sidecars(exchange, asked);
            }
        });
        assertThat(reader.read(EXPOSED, plan("default"), NOW).reading(Signal.ERROR_RATIO, Scope.SERVICE))
                .isEqualTo(new Reading.Missing("Prometheus answered 400"));
    }

    private Reading checkout() {
        return reader.read(EXPOSED, plan("default"), NOW).reading(CHECKOUT, Scope.SERVICE);
    }

    private List<Map<String, String>> asked(Signal.Query query) {
        return prometheus.asked().stream()
                .filter(asked -> query.promql().equals(asked.get("query")))
                .toList();
    }

    private void answerQueries(FakePrometheus.Script script) {
        prometheus.answer((exchange, asked) -> {
            String query = asked.getOrDefault("query", "");
            if (query.equals(CHECKOUT.promql()) || query.equals(QUEUE.promql())) {
                script.answer(exchange, asked);
            } else {
                sidecars(exchange, asked);
            }
        });
    }

    private static void sidecars(HttpExchange exchange, Map<String, String> asked) throws IOException {
        String vector =
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":["
                        + END + ",\"3\"]}]}}";
        body("/api/v1/query_range".equals(asked.get("path")) ? matrix(END, "0.5") : vector)
                .answer(exchange, asked);
    }

    private static String matrix(long at, String value) {
        return result("{\"metric\":{},\"values\":[[" + at + ",\"" + value + "\"]]}");
    }

    private static String result(String series) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[" + series + "]}}";
    }

    private static RolloutPlan plan(String provider) {
        Duration two = Duration.ofMinutes(2);
        List<StopLossRule> rules = List.of(
                new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), two),
                new StopLossRule(CHECKOUT, new Threshold.Fixed(5), two));
        StopLoss stopLoss = new StopLoss(provider, Duration.ofSeconds(10), rules, two, two, two);
        Gates gates = new Gates(List.of(new Gate(CHECKOUT, 3), new Gate(QUEUE, 3)), 0);
        Strategy strategy = new Strategy(two, List.of(new Step(100, two)));
        return new RolloutPlan(Limiter.OFF, Limiter.OFF, strategy, stopLoss, gates, Instructions.NONE);
    }
}
