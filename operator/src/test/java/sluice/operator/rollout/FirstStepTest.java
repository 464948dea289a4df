package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.CAREFUL;
import static sluice.operator.rollout.Plans.FIRST;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.SECOND;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.step;
import static sluice.operator.rollout.Plans.strategy;

import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is asked once more before anybody is exposed, and what is not. */
class FirstStepTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();

    private static Seen lookingBack(Seen seen) {
        return seen.rateWindow(minutes(30));
    }

    private static Story almostObserved() {
        return Story.until(Phase.OBSERVING).during(minutes(10).minus(INTERVAL), HEALTHY);
    }

    @Test
    void aBaselineOfNoRequestsIsWaitedForAsLongAsItTakes() {
        UnaryOperator<Seen> quiet = seen -> seen.baseline(Signal.AUTH_FAILURES, new Reading.NoTraffic());
        Story story = almostObserved().during(minutes(90), quiet);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_TRAFFIC);
        assertThat(story.state().lastDecision().orElseThrow().message())
                .isEqualTo("baseline of AuthFailures: there were no requests");
        assertThat(story.after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void whatIsComparedWithTheBaselineMustBeThereBeforeAnybodyIsExposed() {
        UnaryOperator<Seen> blind =
                seen -> seen.with(Signal.AUTH_FAILURES, Scope.SERVICE, new Reading.Missing("there is no value"));
        Story story = almostObserved().during(minutes(4), blind);
        assertThat(story.state().weight()).isZero();
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
        assertThat(story.during(minutes(2), blind).rollback().reason()).isInstanceOf(RollbackReason.NoData.class);
    }

    @Test
    void whereNobodyLogsInNobodyIsExposed() {
        UnaryOperator<Seen> quiet = seen -> seen.with(Signal.AUTH_FAILURES, Scope.SERVICE, new Reading.NoTraffic());
        Story story = almostObserved().during(minutes(90), quiet);
        assertThat(story.state().weight()).isZero();
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_TRAFFIC);
        assertThat(story.after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void whatTheCandidateArmShowsBeforeAnybodyIsInItDoesNotCount() {
        Story story = almostObserved()
                .after(INTERVAL, seen -> seen.last(minutes(1), Signal.ERROR_RATIO, Scope.CANDIDATE, 0.5));
        assertThat(story.decision()).isInstanceOf(Decision.Start.class);
    }

    @Test
    void anotherRevisionDoesNotWaitForTheRatesOfOneThatWasRolledBack() {
        Story story = Story.until(Phase.PROGRESSING)
                .told(Verb.ABORT)
                .tellUntil(Phase.ROLLED_BACK)
                .plan(Plans.plan(SECOND, CAREFUL))
                .tellUntil(Phase.OBSERVING)
                .during(minutes(10), FirstStepTest::lookingBack);
        assertThat(story.state().weight()).isEqualTo(10);
    }

    @Test
    void anAttemptThatWasGivenUpForOtherStepsMustHaveLeftTheRatesToo() {
        Story story = Story.until(Phase.PROGRESSING)
                .plan(Plans.plan(FIRST, strategy(minutes(10), step(5, 30), step(100, 30))))
                .after(INTERVAL, HEALTHY);
        Instant givenUp = story.now();
        story.tellUntil(Phase.OBSERVING).during(minutes(15), FirstStepTest::lookingBack);
        assertThat(story.decision())
                .isInstanceOfSatisfying(
                        Decision.Hold.class, hold -> assertThat(hold.until()).contains(givenUp.plus(minutes(30))));
        assertThat(story.during(minutes(15), FirstStepTest::lookingBack).state().weight())
                .isEqualTo(5);
    }
}
