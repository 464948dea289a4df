package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.rollout.Comparison;
import sluice.operator.rollout.Gate;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Threshold;

class PlanMappingTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Signal.Query CHECKOUT = new Signal.Query("checkout-errors", "sum(failed)");
    private static final String SPEC = """
            targetRef: {kind: Deployment, name: api}
            port: http
            limiter:
              backend: Redis
              redis: {secretRef: {name: redis-limiter}, timeout: 20ms}
              limits:
              - {name: api, match: {pathPrefix: /api}, tokens: 100, per: 1m, burst: 150}
            initialLimiter: "Off"
            strategy:
              observe: 10m
              steps:
              - {weight: 10, hold: 30m}
              - {weight: 100, hold: 1h30m}
            stopLoss:
              prometheus: default
              interval: 10s
              rules:
              - {signal: ErrorRatio, threshold: "0.01", for: 5m}
              - {signal: LatencyP95, threshold: 300ms, for: 5m}
              - {signal: AuthFailures, timesBaseline: "3", minimum: "0.005", baselineWindow: 1h, for: 5m}
              - {signal: ThrottledRatio, threshold: "0.05", for: 2m}
              noData: {rollBackAfter: 5m}
              progressDeadline: 30m
              deadManSwitch: 2m
              armedAfterPromotion: 12h
            """;

    @Test
    void readsThePlanOfTheDesign() {
        RolloutPlan plan = plan(SPEC);
        assertThat(plan.strategy().observe()).isEqualTo(Duration.ofMinutes(10));
        assertThat(plan.strategy().steps())
                .containsExactly(new Step(10, Duration.ofMinutes(30)), new Step(100, Duration.ofMinutes(90)));
        assertThat(plan.stopLoss().provider()).isEqualTo("default");
        assertThat(plan.stopLoss().interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(plan.stopLoss().noDataAfter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(plan.stopLoss().progressDeadline()).isEqualTo(Duration.ofMinutes(30));
        assertThat(plan.stopLoss().deadManSwitch()).isEqualTo(Duration.ofMinutes(2));
        assertThat(plan.stopLoss().armedAfterPromotion()).isEqualTo(Duration.ofHours(12));
    }

    @Test
    void theStopLossStaysArmedForADayUnlessItIsToldOtherwise() {
        assertThat(plan(SPEC.replace("armedAfterPromotion: 12h", "")).stopLoss().armedAfterPromotion())
                .isEqualTo(Duration.ofHours(24));
        assertThat(plan(SPEC.replace("armedAfterPromotion: 12h", "armedAfterPromotion: 0s"))
                        .stopLoss()
                        .armedAfterPromotion())
                .isZero();
        refused(
                SPEC.replace("armedAfterPromotion: 12h", "armedAfterPromotion: a day"),
                "spec.stopLoss.armedAfterPromotion: 'a day' is not a duration like 300ms, 10s, 5m or 1h30m");
    }

    @Test
    void readsLatenciesInSecondsAndEverythingElseAsItIs() {
        Duration five = Duration.ofMinutes(5);
        assertThat(plan(SPEC).stopLoss().rules())
                .containsExactly(
                        new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), five),
                        new StopLossRule(Signal.LATENCY_P95, new Threshold.Fixed(0.3), five),
                        new StopLossRule(
                                Signal.AUTH_FAILURES, new Threshold.TimesBaseline(3, 0.005, Duration.ofHours(1)), five),
                        new StopLossRule(Signal.THROTTLED_RATIO, new Threshold.Fixed(0.05), Duration.ofMinutes(2)));
    }

    @Test
    void comparesNothingUnlessAskedTo() {
        assertThat(plan(SPEC).gates().comparison()).isEmpty();
        assertThat(plan(SPEC + "comparison: {}\n").gates().comparison()).contains(new Comparison(0.01, 0.95));
        assertThat(plan(SPEC + "comparison: {margin: \"0.002\", confidence: \"0.99\"}\n")
                        .gates()
                        .comparison())
                .contains(new Comparison(0.002, 0.99));
    }

    @Test
    void theRevisionIsTenHexDigitsOfTheLimiter() {
        assertThat(plan(SPEC).candidate().revision()).matches("[0-9a-f]{10}");
    }

    @Test
    void theRevisionDoesNotDependOnTheOrderOfKeys() {
        String turned = SPEC.replace(
                "{name: api, match: {pathPrefix: /api}, tokens: 100, per: 1m, burst: 150}",
                "{burst: 150, per: 1m, tokens: 100, match: {pathPrefix: /api}, name: api}");
        assertThat(turned).isNotEqualTo(SPEC);
        assertThat(plan(turned).candidate()).isEqualTo(plan(SPEC).candidate());
    }

    @Test
    void theRevisionDoesNotDependOnADefaultBeingWrittenOut() {
        String written = SPEC.replace("  backend: Redis", "  backend: Redis\n  enforcement: Enforce");
        assertThat(plan(written).candidate()).isEqualTo(plan(SPEC).candidate());
    }

    @Test
    void anyChangeUnderLimiterIsAnotherRevision() {
        for (String change : List.of("tokens: 100/tokens: 101", "burst: 150/burst: 151", "per: 1m/per: 2m")) {
            int slash = change.indexOf('/');
            String changed = SPEC.replace(change.substring(0, slash), change.substring(slash + 1));
            assertThat(plan(changed).candidate().revision())
                    .isNotEqualTo(plan(SPEC).candidate().revision());
        }
    }

    @Test
    void nothingOutsideLimiterChangesTheRevision() {
        assertThat(plan(SPEC.replace("observe: 10m", "observe: 20m")).candidate())
                .isEqualTo(plan(SPEC).candidate());
    }

    @Test
    void offIsPassThrough() {
        assertThat(plan(SPEC).initialStable()).isEqualTo(Limiter.OFF);
    }

    @Test
    void memoryIsTheSameLimitsWithoutRedis() throws JsonProcessingException {
        Limiter initial = plan(SPEC.replace("\"Off\"", "Memory")).initialStable();
        var limiter = YAML.readTree(initial.text());
        assertThat(limiter.path("backend").textValue()).isEqualTo("Memory");
        assertThat(limiter.has("redis")).isFalse();
        assertThat(limiter.path("limits").path(0).path("tokens").intValue()).isEqualTo(100);
    }

    @Test
    void theTextReadsBackAsTheLimiter() throws JsonProcessingException {
        var limiter = YAML.readValue(plan(SPEC).candidate().text(), sluice.operator.api.v1alpha1.Limiter.class);
        assertThat(limiter).isEqualTo(spec(SPEC).limiter());
    }

    @Test
    void whatAdmissionDidNotSeeIsRefusedByTheNameOfTheField() {
        refused(SPEC.replace("hold: 30m", "hold: 1y"), "spec.strategy.steps[0]: ");
        refused(SPEC.replace("weight: 10,", "weight: 101,"), "spec.strategy.steps[0]: ");
        refused(SPEC.replace("weight: 100", "weight: 90"), "spec.strategy.steps: steps do not end at weight 100");
        refused(SPEC.replace("weight: 10,", "weight: 100,"), "spec.strategy.steps: steps do not rise");
        refused(SPEC.replace("observe: 10m", "observe: soon"), "spec.strategy.observe: ");
        refused(SPEC.replace("interval: 10s", "interval: 0s"), "spec.stopLoss.interval: must be more than zero");
        refused(SPEC.replace("\"0.01\"", "NaN"), "spec.stopLoss.rules[0]: threshold: must be a decimal");
        refused(SPEC.replace("\"0.01\"", "\"0\""), "spec.stopLoss.rules[0]: threshold: must be a decimal above 0");
        refused(SPEC.replace("signal: ErrorRatio, ", ""), "spec.stopLoss.rules[0]: signal: is missing; add it");
        refused(SPEC.replace("300ms, for: 5m", "300ms"), "spec.stopLoss.rules[1]: for: is missing; add it");
        refused(SPEC + "gates: [{signal: LatencyP95}]", "spec.gates[0]: max: is missing; add it");
        refused(SPEC + "hooks: [{name: smoke, image: a}]", "spec.hooks[].when: is missing; add it");
        refused(SPEC.replace("threshold: 300ms, ", ""), "spec.stopLoss.rules[1]: threshold: is missing");
        refused(SPEC.replace("deadManSwitch: 2m", "deadManSwitch: 0s"), "spec.stopLoss.deadManSwitch: ");
        refused(
                SPEC + "comparison: {margin: \"1\"}\n",
                "spec.comparison: margin: must be a decimal above 0 and below 1");
        refused(SPEC + "comparison: {margin: 1%}\n", "spec.comparison: margin: must be a decimal");
        refused(SPEC + "comparison: {confidence: \"95\"}\n", "spec.comparison: confidence: must be a decimal from 0.5");
    }

    @Test
    void aQueryHasItsNameItsPromqlAndAThresholdOfItsOwn() {
        assertThat(plan(withQuery("")).stopLoss().rules().getFirst())
                .isEqualTo(new StopLossRule(CHECKOUT, new Threshold.Fixed(5), Duration.ofMinutes(2)));
    }

    @Test
    void aGateMayAskItsOwnQueryOrThatOfTheRuleOfItsName() {
        var gates = plan(withQuery("""
                gates:
                - {signal: Query, name: checkout-errors, max: "3"}
                - {signal: Query, name: queue, query: sum(queue), max: "0"}
                """)).gates().all();
        assertThat(gates).containsExactly(new Gate(CHECKOUT, 3), new Gate(new Signal.Query("queue", "sum(queue)"), 0));
        assertThat(plan(withQuery("gates: [{signal: Query, name: checkout-errors, query: sum(failed), max: '3'}]"))
                        .gates()
                        .all())
                .containsExactly(new Gate(CHECKOUT, 3));
    }

    @Test
    void aQueryThatAdmissionDidNotSeeIsRefusedByTheNameOfTheField() {
        refused(
                withQuery("").replace("name: checkout-errors, ", ""),
                "spec.stopLoss.rules[0]: name: Query needs a name");
        refused(
                withQuery("").replace("checkout-errors", "Checkout"),
                "spec.stopLoss.rules[0]: name: Query needs a name");
        refused(
                withQuery("").replace("query: sum(failed), ", ""),
                "spec.stopLoss.rules[0]: query: Query needs its PromQL");
        refused(withQuery("").replace("threshold: \"5\", ", ""), "spec.stopLoss.rules[0]: threshold: is missing");
        refused(
                withQuery("").replace("threshold: \"5\"", "timesBaseline: \"3\""),
                "spec.stopLoss.rules[0]: timesBaseline: Query has no baseline; set threshold instead");
        refused(
                withQuery("")
                        .replace("- {signal: LatencyP95,", "- {signal: Query, name: checkout-errors, query: other,"),
                "spec.stopLoss.rules[1]: name: another rule is called so, too");
        refused(
                withQuery("gates: [{signal: Query, name: queue, max: '3'}]"),
                "spec.gates[0]: query: Query needs its PromQL");
        refused(
                withQuery("gates: [{signal: Query, name: checkout-errors, query: other, max: '3'}]"),
                "spec.gates[0]: query: the rule of this name has another query");
    }

    private static String withQuery(String more) {
        return SPEC.replace(
                        "{signal: ErrorRatio, threshold: \"0.01\", for: 5m}",
                        "{signal: Query, name: checkout-errors, query: sum(failed), threshold: \"5\", for: 2m}")
                + more;
    }

    private static void refused(String spec, String message) {
        assertThatThrownBy(() -> plan(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static RolloutPlan plan(String yaml) {
        return PlanMapping.toPlan(spec(yaml), Optional.empty());
    }

    private static RateLimitRolloutSpec spec(String yaml) {
        try {
            return YAML.readValue(yaml, RateLimitRolloutSpec.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
