package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.T0;
import static sluice.operator.rollout.Plans.minutes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignalQueryTest {
    private static SignalQuery query(Story story) {
        return SignalQuery.of("apps", "api", story.plan(), story.state(), List.of(T0), story.now());
    }

    @Test
    void asksForTheBaselineWhileObservingAndForNoCandidateYet() {
        SignalQuery query = query(Story.until(Phase.OBSERVING));
        assertThat(query.baseline()).isTrue();
        assertThat(query.candidateRevision()).isEmpty();
        assertThat(query.stepSince()).isEmpty();
        assertThat(query.comparedSince()).isEmpty();
        assertThat(query.namespace()).isEqualTo("apps");
        assertThat(query.rollout()).isEqualTo("api");
        assertThat(query.readySince()).containsExactly(T0);
    }

    @Test
    void asksForTheCandidateSinceItsStepBeganWhileItIsExposed() {
        Story story = Story.until(Phase.PROGRESSING);
        SignalQuery query = query(story);
        assertThat(query.baseline()).isFalse();
        assertThat(query.candidateRevision()).contains(Plans.FIRST.revision());
        assertThat(query.stepSince()).contains(story.now());
        assertThat(query.comparedSince()).isEmpty();
    }

    @Test
    void whoCalledBeforeASilenceStillCounts() {
        Story story = Story.until(Phase.PROGRESSING);
        var began = story.now();
        story.during(minutes(5), seen -> seen.requests(Scope.CANDIDATE, new Reading.NoTraffic()));
        assertThat(query(story).stepSince()).contains(began);
    }

    @Test
    void bothArmsCountSinceTheStepBeganOnceItMayBeLeft() {
        Story story = Story.until(Phase.PROGRESSING);
        assertThat(query(mayBeLeft(story)).comparedSince())
                .isEqualTo(Map.of(Scope.CANDIDATE, story.now(), Scope.STABLE, story.now()));
    }

    @Test
    void aCommandThatWasObeyedDoesNotEndTheHold() {
        Story story = compared(Story.until(Phase.PROGRESSING)).told(Verb.PAUSE);
        assertThat(query(story).comparedSince()).isNotEmpty();
        assertThat(query(story.after(INTERVAL, seen -> seen)).comparedSince()).isEmpty();
    }

    private static Story mayBeLeft(Story story) {
        return compared(story).told(Verb.SKIP_HOLD);
    }

    private static Story compared(Story story) {
        return story.gates(new Gates(List.of(), 0, Optional.of(new Comparison(0.01, 0.95))));
    }

    @Test
    void theStableArmCountsFromTheObservationOnWhenThereIsNoneAnyMore() {
        Story progressing = Story.until(Phase.PROGRESSING);
        var since = progressing.now();
        Story baking = progressing.tellUntil(Phase.BAKING);
        assertThat(query(mayBeLeft(baking)).comparedSince())
                .isEqualTo(Map.of(Scope.CANDIDATE, baking.now(), Scope.STABLE, since.minus(minutes(10))));
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING", "INJECTING", "OBSERVING", "PROGRESSING", "BAKING", "PROMOTED"})
    void signalsAreWatchedWhileSomethingCanBreak(Phase phase) {
        Story story = Story.until(phase);
        boolean watched = phase != Phase.PENDING && phase != Phase.PROMOTED;
        assertThat(story.state().isWatched()).isEqualTo(watched);
    }

    @Test
    void aLatchedCandidateIsNotWatchedAndOneThatStartsOverIs() {
        Story latched = Story.until(Phase.PROGRESSING).told(Verb.ABORT).tellUntil(Phase.ROLLED_BACK);
        assertThat(latched.state().isWatched()).isFalse();
        Story blind = Story.until(Phase.PROGRESSING).blindDuring(minutes(6));
        assertThat(blind.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(blind.state().isWatched()).isTrue();
        Story armed = Story.of(Plans.armed(Plans.FIRST, minutes(60))).tellUntil(Phase.PROMOTED);
        assertThat(armed.state().isWatched()).isTrue();
        assertThat(armed.after(INTERVAL, seen -> seen).state().needsLease()).isFalse();
    }
}
