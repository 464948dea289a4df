package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.T0;
import static sluice.operator.rollout.Plans.minutes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignalsTest {
    private static final Signals.Key ERRORS = new Signals.Key(Signal.ERROR_RATIO, Scope.CANDIDATE);
    private static final Sample HALF = new Sample(T0, 0.5);
    private static final Reading READ = new Reading.Value(new Samples(List.of(HALF)));
    private static final Reading GONE = new Reading.Missing("gone");

    @Test
    void whereNobodyCanBeAskedAnyMoreOnlyWhatWasSeenBeforeStays() {
        assertThat(read(READ).silent("gone"))
                .isEqualTo(new Signals(
                        Map.of(ERRORS, new Reading.Missing("gone", List.of(HALF))),
                        Map.of(Scope.CANDIDATE, GONE),
                        Map.of(Signal.AUTH_FAILURES, GONE),
                        GONE,
                        Map.of(Scope.CANDIDATE, new Tally.Missing("gone")),
                        GONE,
                        minutes(1),
                        Optional.empty()));
    }

    @Test
    void whereNothingWasSeenBeforeEverythingIsMissing() {
        assertThat(read(new Reading.NoTraffic()).silent("gone")).isEqualTo(Signals.missing("gone"));
    }

    private static Signals read(Reading errors) {
        return new Signals(
                Map.of(ERRORS, errors),
                Map.of(Scope.CANDIDATE, READ),
                Map.of(Signal.AUTH_FAILURES, READ),
                READ,
                Map.of(Scope.CANDIDATE, new Tally.Counted(100, 1)),
                READ,
                minutes(1),
                Optional.of("1 of 2 pods were scraped"));
    }
}
