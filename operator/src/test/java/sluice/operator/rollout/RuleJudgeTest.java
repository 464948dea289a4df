package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.FOR;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.T0;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.seconds;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class RuleJudgeTest {
    private static final Instant STARTED = T0.minus(minutes(60));
    private final Baseline baseline = new Baseline(Map.of(Signal.AUTH_FAILURES, 0.01), STARTED);

    @Test
    void isHealthyWhenTheNewestSampleIsBelowTheThreshold() {
        assertThat(errors(series(30, _ -> 0.02, 0.0099))).isEqualTo(new Verdict.Healthy());
    }

    @Test
    void isBrokenWhenEverySampleOfTheWindowIsExactlyAtTheThreshold() {
        assertThat(errors(series(30, _ -> 0.01, 0.01))).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void isBreachingSinceTheFirstSampleOfTheRunWhenOneSampleOfTheWindowWasHealthy() {
        assertThat(errors(series(30, i -> i == 10 ? 0 : 0.02, 0.02)))
                .isEqualTo(new Verdict.Breaching(T0.minus(INTERVAL.multipliedBy(9))));
    }

    @Test
    void aSampleOlderThanTheWindowDoesNotSaveARule() {
        assertThat(errors(series(31, i -> i == 30 ? 0 : 0.02, 0.02))).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void isBrokenWithEightyPercentOfTheSamples() {
        assertThat(errors(some(30, i -> i % 5 != 4))).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void isOnlyBreachingWithLessThanEightyPercentOfTheSamples() {
        assertThat(errors(some(30, i -> i % 5 != 4 && i != 3))).isInstanceOf(Verdict.Breaching.class);
    }

    @Test
    void samplesFromBeforeTheFirstStepDoNotCount() {
        Canary canary = new Canary(0, T0.minus(seconds(45)), T0, baseline);
        assertThat(judge(canary, Scope.CANDIDATE, Plans.ERRORS, series(60, _ -> 0.5, 0.5)))
                .isEqualTo(new Verdict.Breaching(T0.minus(seconds(40))));
    }

    @Test
    void aWindowThatBeganBeforeTheFirstStepIsNotOverYet() {
        Canary canary = new Canary(0, T0.minus(FOR).plusMillis(1), T0, baseline);
        assertThat(judge(canary, Scope.CANDIDATE, Plans.ERRORS, series(60, _ -> 0.5, 0.5)))
                .isInstanceOf(Verdict.Breaching.class);
    }

    @Test
    void aWindowThatBeganWithTheFirstStepIsOver() {
        Canary canary = new Canary(0, T0.minus(FOR), T0, baseline);
        assertThat(judge(canary, Scope.CANDIDATE, Plans.ERRORS, series(60, _ -> 0.5, 0.5)))
                .isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void theWholeServiceCountsSinceSidecarsWerePutInPlaceEvenWhenTheStepIsYoung() {
        Canary canary = new Canary(0, T0.minus(seconds(10)), T0, baseline);
        assertThat(judge(canary, Scope.SERVICE, Plans.ERRORS, series(60, _ -> 0.5, 0.5)))
                .isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void nothingIsKnownWhenTheNewestSampleIsOld() {
        assertThat(errors(single(seconds(21)))).isEqualTo(new Verdict.Unknown("the newest sample is older than 20 s"));
    }

    @Test
    void aSampleOfTwoIntervalsAgoIsNotOld() {
        assertThat(errors(single(seconds(20)))).isEqualTo(new Verdict.Healthy());
    }

    private static Reading single(Duration ago) {
        return new Reading.Value(new Samples(List.of(new Sample(T0.minus(ago), 0))));
    }

    @Test
    void nothingIsKnownBeforeTheFirstSampleThatCounts() {
        Canary canary = new Canary(0, T0.plus(seconds(1)), T0, baseline);
        assertThat(judge(canary, Scope.CANDIDATE, Plans.ERRORS, series(30, _ -> 0, 0)))
                .isInstanceOf(Verdict.Unknown.class);
    }

    @Test
    void missingDataAreUnknownAndSayWhy() {
        assertThat(errors(new Reading.Missing("gone"))).isEqualTo(new Verdict.Unknown("gone"));
    }

    @Test
    void noTrafficIsNotMissingData() {
        assertThat(errors(new Reading.NoTraffic())).isEqualTo(new Verdict.NoTraffic());
    }

    @Test
    void whatBrokeAndFellSilentHasBrokenAllTheSame() {
        List<Sample> before = samples(some(30, i -> i != 0));
        assertThat(errors(new Reading.Missing("gone", before))).isInstanceOf(Verdict.Broken.class);
        assertThat(errors(new Reading.NoTraffic(before))).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void whatFellSilentBeforeItsWindowWasOverIsUnknown() {
        assertThat(errors(new Reading.Missing("gone", samples(some(30, i -> i >= 7)))))
                .isEqualTo(new Verdict.Unknown("gone"));
        Canary young = new Canary(0, T0.minus(FOR).plusMillis(1), T0, baseline);
        Reading silent = new Reading.Missing("gone", samples(some(30, i -> i != 0)));
        assertThat(judge(young, Scope.CANDIDATE, Plans.ERRORS, silent)).isEqualTo(new Verdict.Unknown("gone"));
    }

    @Test
    void oneHealthySampleBeforeTheSilenceIsEnoughToBeUnknown() {
        assertThat(errors(new Reading.Missing("gone", samples(series(30, i -> i == 29 ? 0 : 0.02, 0.02)))))
                .isEqualTo(new Verdict.Unknown("gone"));
        assertThat(errors(new Reading.NoTraffic(samples(series(30, i -> i == 29 ? 0 : 0.02, 0.02)))))
                .isEqualTo(new Verdict.NoTraffic());
    }

    private static List<Sample> samples(Reading reading) {
        return ((Reading.Value) reading).samples().all();
    }

    @Test
    void aWindowThatIsNoMultipleOfTheIntervalIsJudgedWhole() {
        StopLossRule rule = new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), seconds(25));
        Canary canary = new Canary(0, STARTED, STARTED, baseline);
        assertThat(judge(canary, Scope.CANDIDATE, rule, series(30, i -> i >= 2 ? 0 : 0.02, 0.02)))
                .isInstanceOf(Verdict.Breaching.class);
        assertThat(judge(canary, Scope.CANDIDATE, rule, series(30, i -> i >= 3 ? 0 : 0.02, 0.02)))
                .isInstanceOf(Verdict.Broken.class);
        assertThat(Plans.stopLoss(rule).expectedSamples(rule)).isEqualTo(3);
    }

    @Test
    void authFailuresBreachAtTheMultipleOfTheirBaseline() {
        assertThat(auth(0.01, 0.03)).isInstanceOf(Verdict.Broken.class);
        assertThat(auth(0.01, 0.0299)).isInstanceOf(Verdict.Healthy.class);
    }

    @Test
    void threeTimesAlmostNothingIsNoBreachBelowTheMinimum() {
        assertThat(auth(0.0001, 0.0049)).isInstanceOf(Verdict.Healthy.class);
        assertThat(auth(0.0001, 0.005)).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void aBaselineOfNothingMakesTheMinimumTheThreshold() {
        assertThat(auth(0, 0.0049)).isInstanceOf(Verdict.Healthy.class);
        assertThat(auth(0, 0.005)).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void zeroIsNeverABreach() {
        StopLossRule rule = new StopLossRule(Signal.AUTH_FAILURES, new Threshold.TimesBaseline(3, 0, minutes(60)), FOR);
        Canary canary = new Canary(0, STARTED, STARTED, new Baseline(Map.of(Signal.AUTH_FAILURES, 0.0), STARTED));
        assertThat(judge(canary, Scope.CANDIDATE, rule, series(30, _ -> 0, 0))).isEqualTo(new Verdict.Healthy());
    }

    @Test
    void aRuleWithoutItsBaselineIsUnknown() {
        Canary canary = new Canary(0, STARTED, STARTED, new Baseline(Map.of(), STARTED));
        assertThat(judge(canary, Scope.CANDIDATE, Plans.AUTH, series(30, _ -> 0, 0)))
                .isEqualTo(new Verdict.Unknown("there is no baseline for AuthFailures"));
    }

    @Test
    void theBreachNamesWhatBrokeTheRule() {
        Verdict verdict = errors(series(30, _ -> 0.02, 0.024));
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Broken.class, broken -> {
            Breach breach = broken.breach();
            assertThat(breach.signal()).isEqualTo(Signal.ERROR_RATIO);
            assertThat(breach.scope()).isEqualTo(Scope.CANDIDATE);
            assertThat(breach.value()).isEqualTo(0.024);
            assertThat(breach.threshold()).isEqualTo(0.01);
            assertThat(breach.window()).isEqualTo(FOR);
            assertThat(breach.firstBreachingSample()).isEqualTo(T0.minus(INTERVAL.multipliedBy(29)));
            assertThat(breach.lastSample()).isEqualTo(T0);
            assertThat(breach.samples()).hasSize(30);
        });
    }

    @Test
    void theBreachKeepsTheNewestThirtySamplesOfALongWindow() {
        StopLossRule rule = new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), minutes(30));
        Canary canary = new Canary(0, STARTED, STARTED, baseline);
        assertThat(judge(canary, Scope.CANDIDATE, rule, series(180, _ -> 0.02, 0.02)))
                .isInstanceOfSatisfying(Verdict.Broken.class, broken -> {
                    assertThat(broken.breach().samples()).hasSize(30);
                    assertThat(broken.breach().samples().getLast().at()).isEqualTo(T0);
                });
    }

    @Test
    void aDayLongWindowIsSampledMoreCoarselyRatherThanWithoutBound() {
        StopLoss second = new StopLoss("default", seconds(1), List.of(), minutes(5), minutes(30), minutes(2));
        StopLossRule rule = new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), Duration.ofHours(24));
        assertThat(second.step(rule)).isEqualTo(seconds(144));
        assertThat(second.expectedSamples(rule)).isEqualTo(600);
        assertThat(second.step(Plans.ERRORS)).isEqualTo(seconds(1));
    }

    @Test
    void throttlingIsJudgedAsCandidateMinusStable() {
        assertThat(throttled(0.20, 0.16)).isInstanceOf(Verdict.Healthy.class);
        assertThat(throttled(0.25, 0.15)).isInstanceOf(Verdict.Broken.class);
        assertThat(0.06 - 0.01).as("what it is in binary").isLessThan(0.05);
        assertThat(throttled(0.06, 0.01)).as("exactly at 5%").isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void theWorstFindingComesFirst() {
        Canary canary = new Canary(0, STARTED, STARTED, baseline);
        Seen seen = Seen.healthy(T0)
                .with(Signal.LATENCY_P95, Scope.SERVICE, new Reading.Missing("gone"))
                .last(minutes(1), Signal.ERROR_RATIO, Scope.SERVICE, 0.5)
                .last(minutes(60), Signal.AUTH_FAILURES, Scope.CANDIDATE, 0.5);
        List<Finding> findings =
                new RuleJudge(Plans.plan(), exposed(canary), seen.observation().signals(), T0).findings();
        assertThat(findings.stream().limit(3).map(finding -> finding.verdict().text()))
                .containsExactly("Broken", "Breaching", "Unknown");
        assertThat(findings).hasSize(7);
    }

    private Verdict throttled(double candidate, double stable) {
        Canary canary = new Canary(0, STARTED, STARTED, baseline);
        Seen seen = Seen.healthy(T0)
                .with(Signal.THROTTLED_RATIO, Scope.CANDIDATE, series(30, _ -> candidate, candidate))
                .with(Signal.THROTTLED_RATIO, Scope.STABLE, series(30, _ -> stable, stable));
        return finding(canary, Scope.CANDIDATE, Plans.THROTTLED, seen).verdict();
    }

    private Verdict auth(double before, double value) {
        Canary canary = new Canary(0, STARTED, STARTED, new Baseline(Map.of(Signal.AUTH_FAILURES, before), STARTED));
        return judge(canary, Scope.CANDIDATE, Plans.AUTH, series(30, _ -> value, value));
    }

    private Verdict errors(Reading reading) {
        return judge(new Canary(0, STARTED, STARTED, baseline), Scope.CANDIDATE, Plans.ERRORS, reading);
    }

    private static Verdict judge(Canary canary, Scope scope, StopLossRule rule, Reading reading) {
        return finding(canary, scope, rule, Seen.healthy(T0).with(rule.signal(), scope, reading))
                .verdict();
    }

    private static Finding finding(Canary canary, Scope scope, StopLossRule rule, Seen seen) {
        RolloutPlan plan = Plans.plan(Plans.FIRST, Limiter.OFF, Plans.CAREFUL, Plans.stopLoss(rule));
        return new RuleJudge(plan, exposed(canary), seen.observation().signals(), T0)
                .findings().stream()
                        .filter(finding -> finding.scope() == scope)
                        .findFirst()
                        .orElseThrow();
    }

    private static RolloutState exposed(Canary canary) {
        return new StateDraft(RolloutState.initial(Limiter.OFF, STARTED))
                .progress(new Progress.Progressing(new Run(Plans.FIRST, Plans.CAREFUL, STARTED), canary))
                .done();
    }

    private interface Values {
        double at(int samplesAgo);
    }

    private static Reading series(int count, Values values, double last) {
        List<Sample> samples = new ArrayList<>();
        for (int i = count - 1; i > 0; i--) {
            samples.add(new Sample(T0.minus(INTERVAL.multipliedBy(i)), values.at(i)));
        }
        samples.add(new Sample(T0, last));
        return new Reading.Value(new Samples(samples));
    }

    private static Reading some(int count, IntPredicate present) {
        List<Sample> samples = new ArrayList<>();
        for (int i = count - 1; i >= 0; i--) {
            if (present.test(i)) {
                samples.add(new Sample(T0.minus(INTERVAL.multipliedBy(i)), 0.02));
            }
        }
        return new Reading.Value(new Samples(samples));
    }
}
