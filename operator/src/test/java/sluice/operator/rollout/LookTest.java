package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.T0;
import static sluice.operator.rollout.Plans.minutes;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LookTest {
    private static Canary canary(RolloutState state) {
        return ((Progress.Exposed) state.progress()).canary();
    }

    @Nested
    class Taken {
        @Test
        void ofAStepTellsWhenItsHoldBegan() {
            Story story = Story.until(Phase.PROGRESSING).during(minutes(1), seen -> seen);
            Instant holdStartedAt = canary(story.state()).holdStartedAt();
            assertThat(Look.of(story.state()))
                    .contains(new Look(story.now(), story.state().epoch(), Optional.of(holdStartedAt)));
        }

        @Test
        void whereNobodyIsExposedTellsOfNoHold() {
            Story story = Story.until(Phase.OBSERVING);
            assertThat(Look.of(story.state()))
                    .contains(new Look(story.now(), story.state().epoch(), Optional.empty()));
        }

        @Test
        void isNoneWhereNothingWasEvaluated() {
            assertThat(Look.of(RolloutState.initial(Limiter.OFF, T0))).isEmpty();
        }
    }

    @Nested
    class Remembered {
        private final Story story = Story.until(Phase.PROGRESSING);
        private final RolloutState committed = story.state();
        private final Instant lastLook = story.now();
        private final Instant holdStartedAt = canary(committed).holdStartedAt();

        private Look look(Instant at) {
            return new Look(at, committed.epoch(), Optional.of(holdStartedAt.plus(INTERVAL)));
        }

        @Test
        void takesTheClockOfTheCommittedStepOn() {
            RolloutState seen = look(lastLook.plus(INTERVAL)).in(committed);
            assertThat(seen.timers().evaluatedAt()).contains(lastLook.plus(INTERVAL));
            assertThat(canary(seen).holdStartedAt()).isEqualTo(holdStartedAt.plus(INTERVAL));
        }

        @Test
        void countsWhereItIsTheVeryOneThatWasCommitted() {
            assertThat(canary(look(lastLook).in(committed)).holdStartedAt()).isEqualTo(holdStartedAt.plus(INTERVAL));
        }

        @Test
        void countsForNothingOnceALaterOneIsCommitted() {
            assertThat(look(lastLook.minus(INTERVAL)).in(committed)).isEqualTo(committed);
        }

        @Test
        void countsForNothingInAnotherEpoch() {
            Look older = new Look(lastLook.plus(INTERVAL), committed.epoch() - 1, Optional.of(holdStartedAt));
            assertThat(older.in(committed)).isEqualTo(committed);
        }

        @Test
        void countsForNothingWhereNoEvaluationIsCommitted() {
            RolloutState initial = RolloutState.initial(Limiter.OFF, T0);
            assertThat(new Look(T0, initial.epoch(), Optional.empty()).in(initial))
                    .isEqualTo(initial);
        }

        @Test
        void ofNoStepLeavesTheHoldOfTheCommittedOneAlone() {
            RolloutState seen = new Look(lastLook.plus(INTERVAL), committed.epoch(), Optional.empty()).in(committed);
            assertThat(seen.timers().evaluatedAt()).contains(lastLook.plus(INTERVAL));
            assertThat(canary(seen)).isEqualTo(canary(committed));
        }

        @Test
        void ofAStepIsOfNoUseWhereNobodyIsExposed() {
            Story observing = Story.until(Phase.OBSERVING);
            Instant at = observing.now().plus(INTERVAL);
            RolloutState seen = new Look(at, observing.state().epoch(), Optional.of(T0)).in(observing.state());
            assertThat(seen.timers().evaluatedAt()).contains(at);
            assertThat(seen.progress()).isEqualTo(observing.state().progress());
        }
    }
}
