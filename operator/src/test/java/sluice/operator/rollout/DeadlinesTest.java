package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.FIRST;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.minutes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What uses a deadline up, and what does not. */
class DeadlinesTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();

    private static Seen lateSidecar(Seen seen) {
        return seen.sidecars(3, 2, 2, 2);
    }

    /** With a deadline that is shorter than a rule's window may be. */
    private static Story impatient(StopLossRule... rules) {
        StopLoss stopLoss = new StopLoss("default", INTERVAL, List.of(rules), minutes(5), minutes(5), minutes(2));
        return Story.of(Plans.plan(FIRST, Limiter.OFF, Plans.CAREFUL, stopLoss));
    }

    private static Optional<Instant> stalledSince(Story story) {
        return story.state().timers().stalledSince();
    }

    @Test
    void whatNeverBeganUsesUpNone() {
        Story story = Story.of(Plans.plan()).during(minutes(10), seen -> seen.blocked("TargetConflict"));
        assertThat(stalledSince(story)).isEmpty();
    }

    @Test
    void missingDataNeitherUseUpTheProgressDeadlineNorGrantAFreshOne() {
        Story story = Story.until(Phase.PROGRESSING).during(minutes(20), DeadlinesTest::lateSidecar);
        Optional<Instant> since = stalledSince(story);
        story.blindDuring(minutes(4)).during(minutes(4), DeadlinesTest::lateSidecar);
        assertThat(stalledSince(story)).isEqualTo(since).isPresent();
        assertThat(story.during(minutes(3), DeadlinesTest::lateSidecar)
                        .rollback()
                        .reason())
                .isInstanceOf(RollbackReason.ProgressDeadline.class);
    }

    @Test
    void aBreachHasTheWindowOfItsRuleHoweverShortTheDeadlineIs() {
        StopLossRule slow = new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), minutes(12));
        Story story = impatient(Plans.LATENCY, slow).tellUntil(Phase.PROGRESSING);
        Instant began = story.now();
        UnaryOperator<Seen> failing =
                seen -> seen.last(Duration.between(began, seen.now()), Signal.ERROR_RATIO, Scope.CANDIDATE, 0.5);
        assertThat(story.during(minutes(11), failing).phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
        assertThat(story.during(minutes(2), failing).rollback().reason())
                .isInstanceOf(RollbackReason.StopLossBroken.class);
    }

    @Test
    void everyBreachHasItsWindowAndNotOnlyTheWorst() {
        StopLossRule slow = new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), minutes(12));
        Story story = impatient(slow, Plans.LATENCY).tellUntil(Phase.PROGRESSING);
        Instant began = story.now();
        UnaryOperator<Seen> failing =
                seen -> seen.last(Duration.between(began, seen.now()), Signal.ERROR_RATIO, Scope.CANDIDATE, 0.02);
        UnaryOperator<Seen> failingAndSlow =
                seen -> failing.apply(seen).last(minutes(2), Signal.LATENCY_P95, Scope.CANDIDATE, 30);
        story.during(minutes(8), failing).during(minutes(3), failingAndSlow);
        assertThat(story.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
        assertThat(story.during(minutes(2), failingAndSlow).rollback().reason())
                .isInstanceOfSatisfying(
                        RollbackReason.StopLossBroken.class,
                        broken -> assertThat(broken.breach().signal()).isEqualTo(Signal.ERROR_RATIO));
    }

    @Test
    void aBreachOfTheBaselineHasItsWindowWhileNobodyIsExposed() {
        StopLossRule slow = new StopLossRule(Signal.AUTH_FAILURES, Plans.AUTH.threshold(), minutes(12));
        UnaryOperator<Seen> failing = seen -> seen.last(minutes(15), Signal.AUTH_FAILURES, Scope.SERVICE, 0.5);
        Story story = impatient(slow).tellUntil(Phase.OBSERVING).during(minutes(20), failing);
        assertThat(story.phase()).isEqualTo(Phase.OBSERVING);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
        assertThat(story.during(minutes(4), failing).rollback().reason())
                .isInstanceOf(RollbackReason.ProgressDeadline.class);
    }

    @Test
    void progressGrantsAFreshOne() {
        Story story = Story.until(Phase.PROGRESSING)
                .during(minutes(20), DeadlinesTest::lateSidecar)
                .after(INTERVAL, HEALTHY);
        assertThat(stalledSince(story)).isEmpty();
        assertThat(story.during(minutes(20), DeadlinesTest::lateSidecar).phase())
                .isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void aTimeInWhichNobodyLookedIsNotHeldAgainstTheRollout() {
        Story story = Story.until(Phase.INJECTING)
                .during(minutes(29), DeadlinesTest::lateSidecar)
                .after(minutes(3), DeadlinesTest::lateSidecar);
        assertThat(story.phase()).isEqualTo(Phase.INJECTING);
        assertThat(stalledSince(story)).contains(story.now());
        assertThat(story.during(minutes(30), DeadlinesTest::lateSidecar)
                        .rollback()
                        .reason())
                .isInstanceOf(RollbackReason.ProgressDeadline.class);
    }

    @Test
    void onlyWhatMayStartOverCountsTheTimeInWhichDataAreThere() {
        Story progressing = Story.until(Phase.PROGRESSING).after(INTERVAL, HEALTHY);
        assertThat(progressing.state().timers().presentSince()).isEmpty();
        Story latched = Story.until(Phase.PROGRESSING)
                .told(Verb.ABORT)
                .tellUntil(Phase.ROLLED_BACK)
                .after(INTERVAL, HEALTHY);
        assertThat(latched.state().timers().presentSince()).isEmpty();
        Story blind = Story.until(Phase.PROGRESSING).blindDuring(minutes(6)).after(INTERVAL, HEALTHY);
        assertThat(blind.state().timers().presentSince()).contains(blind.now());
    }
}
