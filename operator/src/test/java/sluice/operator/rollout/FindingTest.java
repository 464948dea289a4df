package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FindingTest {
    private static final Verdict HEALTHY = new Verdict.Healthy();
    private static final Verdict UNKNOWN = new Verdict.Unknown("gone");
    private static final Verdict NO_TRAFFIC = new Verdict.NoTraffic();
    private static final Verdict BREACHING = new Verdict.Breaching(Plans.T0);
    private static final Verdict BROKEN = new Verdict.Broken(new Breach(
            Signal.ERROR_RATIO,
            Scope.CANDIDATE,
            1,
            1,
            Duration.ofMinutes(5),
            Plans.T0,
            Plans.T0,
            List.of(new Sample(Plans.T0, 1))));

    private static Finding finding(double value, double threshold, Verdict verdict) {
        return new Finding(Signal.ERROR_RATIO, Scope.CANDIDATE, OptionalDouble.of(value), threshold, verdict);
    }

    @Test
    void theWorseVerdictComesFirstWhateverTheFigures() {
        assertThat(Stream.of(HEALTHY, NO_TRAFFIC, UNKNOWN, BREACHING, BROKEN)
                        .map(verdict -> finding(verdict.equals(BROKEN) ? 1 : 9, 1, verdict))
                        .sorted(Finding.WORST_FIRST)
                        .map(Finding::verdict))
                .containsExactly(BROKEN, BREACHING, UNKNOWN, NO_TRAFFIC, HEALTHY);
    }

    @Test
    void ofTheSameVerdictTheOneThatUsesUpMostOfItsThreshold() {
        Finding half = finding(5, 10, HEALTHY);
        Finding most = finding(0.9, 1, HEALTHY);
        Finding none = new Finding(Signal.ERROR_RATIO, Scope.CANDIDATE, OptionalDouble.empty(), 1, HEALTHY);
        assertThat(Stream.of(none, half, most).sorted(Finding.WORST_FIRST)).containsExactly(most, half, none);
    }

    @Test
    void aThresholdThatIsNotKnownIsNotUsedUp() {
        Finding some = finding(0.5, 1, UNKNOWN);
        Finding withoutBaseline =
                new Finding(Signal.AUTH_FAILURES, Scope.CANDIDATE, OptionalDouble.empty(), 0, UNKNOWN);
        assertThat(Stream.of(withoutBaseline, some).sorted(Finding.WORST_FIRST)).containsExactly(some, withoutBaseline);
    }

    @Test
    void onlyWhatIsAtOrOverItsThresholdIsABreach() {
        assertThat(Stream.of(BROKEN, BREACHING).map(verdict -> finding(1, 1, verdict)))
                .allMatch(Finding::isBreach);
        assertThat(Stream.of(HEALTHY, UNKNOWN, NO_TRAFFIC).map(verdict -> finding(1, 1, verdict)))
                .noneMatch(Finding::isBreach);
    }
}
