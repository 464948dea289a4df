package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Plans for tests; the default one is the plan of the design: 10% for 30 minutes, then 100%. */
final class Plans {
    static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");
    static final Limiter FIRST = new Limiter("1111111111", "{\"backend\":\"Redis\"}");
    static final Limiter SECOND = new Limiter("2222222222", "{\"backend\":\"Memory\"}");
    static final Duration INTERVAL = Duration.ofSeconds(10);
    static final Duration FOR = Duration.ofMinutes(5);
    static final Strategy CAREFUL = strategy(minutes(10), step(10, 30), step(100, 30));
    static final StopLossRule ERRORS = new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), FOR);
    static final StopLossRule LATENCY = new StopLossRule(Signal.LATENCY_P95, new Threshold.Fixed(0.3), FOR);
    static final StopLossRule AUTH =
            new StopLossRule(Signal.AUTH_FAILURES, new Threshold.TimesBaseline(3, 0.005, Duration.ofHours(1)), FOR);
    static final StopLossRule THROTTLED =
            new StopLossRule(Signal.THROTTLED_RATIO, new Threshold.Fixed(0.05), minutes(2));

    private Plans() {}

    static RolloutPlan plan() {
        return plan(FIRST, CAREFUL);
    }

    static RolloutPlan plan(Limiter candidate, Strategy strategy) {
        return plan(candidate, Limiter.OFF, strategy, stopLoss(ERRORS, LATENCY, AUTH, THROTTLED));
    }

    static RolloutPlan plan(Limiter candidate, Limiter initial, Strategy strategy, StopLoss stopLoss) {
        return new RolloutPlan(candidate, initial, strategy, stopLoss, Gates.NONE, Instructions.NONE);
    }

    static StopLoss stopLoss(StopLossRule... rules) {
        return new StopLoss("default", INTERVAL, List.of(rules), minutes(5), minutes(30), minutes(2));
    }

    /** The default plan, its stop-loss armed for as long after the promotion. */
    static RolloutPlan armed(Limiter candidate, Duration time) {
        List<StopLossRule> rules = List.of(ERRORS, LATENCY, AUTH, THROTTLED);
        StopLoss stopLoss = new StopLoss("default", INTERVAL, rules, minutes(5), minutes(30), minutes(2), time);
        return plan(candidate, Limiter.OFF, CAREFUL, stopLoss);
    }

    static Strategy strategy(Duration observe, Step... steps) {
        return new Strategy(observe, Arrays.asList(steps));
    }

    static Step step(int weight, long holdMinutes) {
        return new Step(weight, minutes(holdMinutes));
    }

    static Duration minutes(long minutes) {
        return Duration.ofMinutes(minutes);
    }

    static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
