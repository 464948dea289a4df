package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.CAREFUL;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.SECOND;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.seconds;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DecisionNotesTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();

    private static String note(Story story) {
        DecisionNote note = story.state().lastDecision().orElseThrow();
        return note.name() + ", " + note.reason() + ": " + note.message();
    }

    private static UnaryOperator<Seen> errors(Scope scope) {
        return seen -> seen.last(minutes(6), Signal.ERROR_RATIO, scope, 0.02);
    }

    @Test
    void aRolloutTellsItsSteps() {
        Story story = Story.of(Plans.armed(Plans.FIRST, minutes(1)));
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            story.after(INTERVAL, HEALTHY);
            if (!(story.decision() instanceof Decision.Hold)) {
                notes.add(note(story));
            }
        }
        assertThat(notes)
                .containsExactly(
                        "Inject, RolloutStarted: putting sidecars in place for revision 1111111111",
                        "Observe, SidecarsReady: every pod has its sidecar; watching at weight 0",
                        "Start, BaselineFrozen: first step: weight 10",
                        "Advance, HoldElapsed: step 2: weight 100",
                        "Promote, StepsCompleted: revision 1111111111 is the stable limiter",
                        "Disarm, ArmedTimeOver: revision 1111111111 stays; the stop-loss is no longer armed");
        assertThat(note(story)).isEqualTo("Hold, Complete: revision 1111111111 is promoted");
    }

    @Test
    void aPromotedLimiterSaysHowLongItIsArmed() {
        Story story = Story.of(Plans.armed(Plans.FIRST, minutes(60))).tellUntil(Phase.PROMOTED);
        Instant until = story.now().plus(minutes(60));
        story.after(INTERVAL, HEALTHY);
        assertThat(note(story))
                .isEqualTo("Hold, Armed: revision 1111111111 is promoted; until " + until
                        + " a broken rule takes everybody back");
    }

    @Test
    void aRollbackSaysWhyAndWhereTo() {
        Story candidate = Story.until(Phase.PROGRESSING).after(minutes(5), errors(Scope.CANDIDATE));
        assertThat(note(candidate))
                .isEqualTo("RollBack, ErrorRatio: ErrorRatio (candidate) was 0.02, at or over 0.01 for 300 s");
        candidate.after(INTERVAL, HEALTHY);
        assertThat(note(candidate))
                .isEqualTo(
                        "FinishRollBack, Acknowledged: every sidecar is back: Acknowledged; ErrorRatio (candidate) was 0.02, at or over 0.01 for 300 s");
        assertThat(note(candidate.after(INTERVAL, HEALTHY)))
                .isEqualTo(
                        "Hold, Latched: revision 1111111111 was rolled back (ErrorRatio) and is not tried again until spec.limiter changes or somebody says retry");
    }

    @Test
    void aRollbackBeforeAnybodyWasExposedRemovesTheSidecars() {
        Story story = Story.until(Phase.OBSERVING).after(minutes(5), errors(Scope.SERVICE));
        assertThat(note(story)).endsWith("for 300 s; removing the sidecars");
    }

    @Test
    void aRollbackAfterThePromotionSaysTheRevisionBefore() {
        Story story = Story.of(Plans.armed(Plans.FIRST, minutes(60)))
                .tellUntil(Phase.PROMOTED)
                .after(minutes(6), errors(Scope.SERVICE));
        assertThat(note(story)).startsWith("RollBack, ErrorRatio: ").endsWith("; back to revision off");
    }

    @Test
    void anAbortAndADeadlineAreNamed() {
        assertThat(note(Story.until(Phase.PROGRESSING).told(Verb.ABORT).after(INTERVAL, HEALTHY)))
                .isEqualTo("RollBack, Abort: somebody aborted it");
        Story late = Story.until(Phase.PROGRESSING);
        Instant since = late.now().plus(INTERVAL);
        late.during(minutes(31), seen -> seen.busiest(0.9));
        assertThat(late.rollback().reason())
                .isInstanceOfSatisfying(
                        RollbackReason.ProgressDeadline.class,
                        reason -> assertThat(Sentences.of(reason))
                                .startsWith("no progress since " + since + ": one identity makes 90% of the requests"));
    }

    @Test
    void missingDataAreNamed() {
        Story story = Story.until(Phase.PROGRESSING);
        Instant since = story.now().plus(INTERVAL);
        story.blindDuring(minutes(5).plus(INTERVAL));
        assertThat(note(story))
                .startsWith("RollBack, NoData: data have been missing since " + since + ": ErrorRatio (");
        // Not since the hold for the same reason.
        assertThat(story.state().lastDecision().orElseThrow().at()).isEqualTo(story.now());
    }

    @Test
    void startingOverIsTold() {
        Story story = Story.until(Phase.PROGRESSING).blindDuring(minutes(6)).tellUntil(Phase.OBSERVING);
        assertThat(note(story)).isEqualTo("StartOver, DataAvailable: data are back; revision 1111111111 starts over");
    }

    @Test
    void goingBackToThePromotedLimiterIsTold() {
        Story story = Story.untilSecond(Phase.PROGRESSING).plan(Plans.plan()).after(INTERVAL, HEALTHY);
        assertThat(note(story.after(INTERVAL, HEALTHY)))
                .isEqualTo("Settle, AlreadyPromoted: revision 1111111111 is promoted already");
    }

    @Test
    void anotherResourceIsAccepted() {
        Story story =
                Story.until(Phase.PROGRESSING).plan(Plans.plan(SECOND, CAREFUL)).after(INTERVAL, HEALTHY);
        assertThat(note(story)).isEqualTo("Accept, SpecChanged: revision 2222222222 waits to begin");
    }

    @Test
    void aNoteKeepsItsTimeWhileNameAndReasonStayTheSame() {
        Story story = Story.until(Phase.PROGRESSING).after(INTERVAL, HEALTHY);
        Instant held = story.now();
        story.after(INTERVAL, HEALTHY);
        assertThat(story.state().lastDecision().orElseThrow().at()).isEqualTo(held);
        story.after(seconds(10), seen -> seen.sidecars(2, 1, 1, 1));
        assertThat(story.state().lastDecision().orElseThrow().at()).isEqualTo(story.now());
    }
}
