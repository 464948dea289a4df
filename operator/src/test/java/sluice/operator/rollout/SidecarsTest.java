package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.minutes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SidecarsTest {
    @ParameterizedTest
    @CsvSource({
        "2, 2, 2, 2, true", // one in every pod
        "2, 3, 3, 3, true", // a pod too many, as in the middle of a rolling update
        "2, 1, 1, 1, false", // a pod without one
        "2, 2, 2, 1, false", // one that has not confirmed
        "2, 3, 3, 2, false",
        "0, 0, 0, 0, false"
    })
    void areReadyWhenEveryPodHasOneAndEveryOneHasConfirmed(
            int desired, int injected, int connected, int inSync, boolean ready) {
        assertThat(new Sidecars(desired, injected, connected, inSync).ready()).isEqualTo(ready);
    }

    @Test
    void thatAreToBeRemovedAreNotGoneBecauseTheirLeasesAre() {
        Story story = Story.until(Phase.OBSERVING)
                .during(minutes(5), seen -> seen.last(minutes(6), Signal.ERROR_RATIO, Scope.SERVICE, 0.02));
        assertThat(story.state().injectionWanted()).isFalse();
        story.after(INTERVAL, seen -> seen.sidecars(2, 2, 0, 0).leasesOver());
        assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(story.after(INTERVAL, seen -> seen.sidecars(2, 0, 0, 0)).phase())
                .isEqualTo(Phase.ROLLED_BACK);
    }
}
