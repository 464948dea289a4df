package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.FIRST;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.SECOND;
import static sluice.operator.rollout.Plans.minutes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When a candidate that was rolled back for missing data starts over. */
class ComebackTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();

    private static UnaryOperator<Seen> missing(Signal signal, Scope scope) {
        return seen -> seen.with(signal, scope, new Reading.Missing("gone"));
    }

    private static Story rolledBack() {
        return Story.until(Phase.PROGRESSING).blindDuring(minutes(10));
    }

    @Test
    void waitsUntilDataHaveBeenThereForAsLongAsTheyMustBeMissing() {
        Story story = rolledBack();
        assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
        long epoch = story.state().epoch();
        story.after(INTERVAL, HEALTHY).during(minutes(5).minus(INTERVAL), HEALTHY);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BACKING_OFF);
        assertThat(story.state().epoch()).isEqualTo(epoch);
        story.after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.StartOver(FIRST));
        assertThat(story.phase()).isEqualTo(Phase.OBSERVING);
        assertThat(story.state().epoch()).isEqualTo(epoch + 1);
        assertThat(story.state().timers().presentSince()).isEmpty();
        assertThat(story.tellUntil(Phase.PROMOTED).state().stable()).isEqualTo(FIRST);
    }

    @Test
    void aBreakBeginsTheWaitAnew() {
        Story story =
                rolledBack().during(minutes(4), HEALTHY).after(INTERVAL, missing(Signal.LATENCY_P95, Scope.SERVICE));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
        assertThat(story.state().timers().presentSince()).isEmpty();
        assertThat(story.during(minutes(5), HEALTHY).phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(story.after(INTERVAL, HEALTHY).phase()).isEqualTo(Phase.OBSERVING);
    }

    @Test
    void whatTheCandidateIsComparedWithMustBeThereToo() {
        Story story = rolledBack().during(minutes(30), missing(Signal.THROTTLED_RATIO, Scope.STABLE));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
    }

    @Test
    void aRecordingThatLacksTheCandidateIsMissingData() {
        UnaryOperator<Seen> lacking = missing(Signal.ERROR_RATIO, Scope.CANDIDATE);
        Story story =
                rolledBack().during(minutes(30), seen -> lacking.apply(seen).recorded());
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
        assertThat(story.state().lastDecision().orElseThrow().message()).isEqualTo("ErrorRatio (candidate): gone");
    }

    @Test
    void someSidecarsThatCannotBeSeenAreMissingData() {
        Story story = rolledBack().during(minutes(30), seen -> seen.partial("1 of 2 pods were scraped"));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.NO_DATA);
    }

    @Test
    void nobodyHasToCallMeanwhile() {
        Story story = rolledBack().during(minutes(6), seen -> seen.requests(Scope.SERVICE, new Reading.NoTraffic()));
        assertThat(story.phase()).isEqualTo(Phase.OBSERVING);
    }

    @Test
    void aCandidateWhoseOwnDataNeverComeIsTriedLessAndLessOften() {
        Story story = Story.of(quick(FIRST));
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 20_000 && waits.size() < 9; i++) {
            story.after(INTERVAL, missing(Signal.ERROR_RATIO, Scope.CANDIDATE));
            if (story.decision() instanceof Decision.StartOver) {
                Instant decided = story.rollback().decidedAt();
                waits.add(Duration.between(decided, story.now()));
            }
        }
        assertThat(waits).map(Duration::toMinutes).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 320L, 360L, 360L);
    }

    @Test
    void aRollbackForAnotherReasonEndsTheRow() {
        Story story = Story.of(quick(FIRST));
        blindInTheFirstStep(story).told(Verb.RETRY);
        story.tellUntil(Phase.PROGRESSING)
                .told(Verb.ABORT)
                .tellUntil(Phase.ROLLED_BACK)
                .told(Verb.RETRY);
        blindInTheFirstStep(story).after(INTERVAL, HEALTHY);
        assertThat(story.state().history())
                .extracting(HistoryEntry::reason)
                .containsExactly("NoData", "Abort", "NoData");
        assertThat(story.state().lastDecision().orElseThrow().message())
                .isEqualTo("data are there since %s; rollbacks in a row for missing data: 1; starts over at %s"
                        .formatted(story.now(), story.now().plus(minutes(5))));
    }

    private static Story blindInTheFirstStep(Story story) {
        return story.tellUntil(Phase.PROGRESSING).blindDuring(minutes(6));
    }

    @Test
    void anotherCandidateIsNotMadeToWaitForIt() {
        Story story = Story.of(quick(FIRST)).during(minutes(60), missing(Signal.ERROR_RATIO, Scope.CANDIDATE));
        assertThat(story.state().history()).hasSizeGreaterThan(1);
        story.plan(quick(SECOND))
                .after(INTERVAL, HEALTHY)
                .tellUntil(Phase.PROGRESSING)
                .blindDuring(minutes(6));
        assertThat(story.during(minutes(6), HEALTHY).phase()).isNotEqualTo(Phase.ROLLED_BACK);
    }

    private static RolloutPlan quick(Limiter candidate) {
        return Plans.plan(candidate, Plans.strategy(INTERVAL, Plans.step(10, 30), Plans.step(100, 30)));
    }

    @Test
    void dataThatComeBackBadDoNotStartOver() {
        Story story =
                rolledBack().during(minutes(6), seen -> seen.last(minutes(6), Signal.ERROR_RATIO, Scope.SERVICE, 0.02));
        assertThat(story.heldBecause()).isEqualTo(HoldReason.SERVICE_BREACHING);
        assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
    }

    @Test
    void somebodyWhoSaysRetryDoesNotWait() {
        Story story = rolledBack().told(Verb.RETRY).after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.Accept(FIRST));
    }

    @Test
    void somebodyWhoSaysAbortKeepsItBackForGood() {
        Story story = rolledBack().told(Verb.ABORT).during(minutes(600), HEALTHY);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.LATCHED);
        assertThat(story.state().lastDecision().orElseThrow().message()).contains("(NoData, then aborted)");
        assertThat(story.state().isWatched()).isFalse();
        CommandNote answer = story.state().orders().last().orElseThrow();
        assertThat(answer.outcome()).isEqualTo(CommandNote.Outcome.DONE);
        assertThat(answer.message()).isEqualTo("it does not start over when data are back; retry tries it again");

        story.told(Verb.RETRY).after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.Accept(FIRST));
        assertThat(story.tellUntil(Phase.PROMOTED).state().orders().standing()).isEmpty();
    }

    @Test
    void anAbortWhileItGoesBackIsNotForgotten() {
        Story story = rollingBack().told(Verb.ABORT).after(INTERVAL, seen -> seen.sidecars(2, 2, 2, 1));
        assertThat(story.phase()).isEqualTo(Phase.ROLLING_BACK);
        assertThat(story.during(minutes(60), HEALTHY).heldBecause()).isEqualTo(HoldReason.LATCHED);
    }

    @Test
    void aCandidateThatIsRolledBackAnewStartsOverAgainAfterAnAbort() {
        Story story = rolledBack().told(Verb.ABORT).after(INTERVAL, HEALTHY).told(Verb.RETRY);
        story.after(INTERVAL, HEALTHY).tellUntil(Phase.PROGRESSING).blindDuring(minutes(6));
        assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(story.during(minutes(60), HEALTHY).phase()).isNotEqualTo(Phase.ROLLED_BACK);
    }

    @Test
    void aPauseKeepsItBackUntilSomebodySaysResume() {
        Story story = rolledBack().told(Verb.PAUSE).during(minutes(600), HEALTHY);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.PAUSED);
        assertThat(story.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(story.state().orders().last().orElseThrow().message())
                .isEqualTo("it does not start over before somebody says resume");

        story.told(Verb.RESUME).after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.StartOver(FIRST));
    }

    @Test
    void aPauseWhileItGoesBackIsNotForgotten() {
        Story story = rollingBack().told(Verb.PAUSE).during(minutes(60), HEALTHY);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.PAUSED);
    }

    private static Story rollingBack() {
        Story story = Story.until(Phase.PROGRESSING);
        while (story.phase() != Phase.ROLLING_BACK) {
            story.blindDuring(INTERVAL);
        }
        return story;
    }

    @Test
    void aSuspendedResourceDoesNotStartOver() {
        Story story = rolledBack().suspended(true).during(minutes(30), HEALTHY);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.SUSPENDED);
    }
}
