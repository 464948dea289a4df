package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.minutes;

import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A hold says what it waits for, and until when where time alone ends it. */
class HoldMessagesTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();
    private static final Reading GONE = new Reading.Missing("gone");

    private static String held(Story story) {
        String message = story.state().lastDecision().orElseThrow().message();
        return story.heldBecause().text() + ": " + message;
    }

    private static String held(UnaryOperator<Seen> different) {
        return held(Story.until(Phase.PROGRESSING).after(INTERVAL, different));
    }

    @Test
    void anObservationEndsWithItsTime() {
        Story story = Story.until(Phase.OBSERVING);
        Optional<Instant> until = Optional.of(story.now().plus(minutes(10)));
        story.after(INTERVAL, HEALTHY);
        assertThat(story.decision())
                .isEqualTo(new Decision.Hold(
                        HoldReason.OBSERVING, "Observing", "watching the sidecars at weight 0", until));
        assertThat(story.state().nextAt()).isEqualTo(until);
    }

    @Test
    void aStepEndsWithItsHold() {
        Story story = Story.until(Phase.PROGRESSING);
        Optional<Instant> until = Optional.of(story.now().plus(minutes(30)));
        story.after(INTERVAL, HEALTHY);
        assertThat(story.decision())
                .isEqualTo(new Decision.Hold(HoldReason.HOLDING, "Holding", "step 1 of 2 at weight 10", until));
        assertThat(story.state().nextAt()).isEqualTo(until);
    }

    @Test
    void nothingElseEndsWithTime() {
        for (Phase phase : new Phase[] {Phase.PENDING, Phase.INJECTING, Phase.PROMOTED}) {
            assertThat(Story.until(phase).state().nextAt()).isEmpty();
        }
        Story aborted = Story.until(Phase.PROGRESSING).told(Verb.ABORT).after(INTERVAL, HEALTHY);
        assertThat(aborted.state().nextAt()).isEmpty();
        assertThat(aborted.tellUntil(Phase.ROLLED_BACK).state().nextAt()).isEmpty();
    }

    @Test
    void whatIsMissingHasAName() {
        assertThat(held(seen -> seen.with(Signal.LATENCY_P95, Scope.SERVICE, GONE)))
                .isEqualTo("NoData: LatencyP95 (service): gone");
        assertThat(held(seen -> seen.requests(Scope.CANDIDATE, GONE))).isEqualTo("NoData: requests (candidate): gone");
        assertThat(held(seen -> seen.busiest(GONE))).isEqualTo("NoData: busiest identity: gone");
        assertThat(held(Story.until(Phase.PROGRESSING).blindDuring(INTERVAL)))
                .isEqualTo("NoData: ErrorRatio (candidate): Prometheus cannot be reached");
        assertThat(held(seen -> seen.partial("1 of 2 pods were scraped")))
                .isEqualTo("NoData: 1 of 2 pods were scraped");
        assertThat(held(Story.until(Phase.PROGRESSING)
                        .blindDuring(minutes(6))
                        .after(INTERVAL, seen -> seen.with(Signal.THROTTLED_RATIO, Scope.STABLE, GONE))))
                .isEqualTo("NoData: ThrottledRatio (stable): gone");
    }

    @Test
    void whoDoesNotCallHasAName() {
        assertThat(held(seen -> seen.requests(Scope.SERVICE, new Reading.NoTraffic())))
                .isEqualTo("NoTraffic: there are no requests (service)");
        assertThat(held(seen -> seen.with(Signal.LATENCY_P95, Scope.CANDIDATE, new Reading.NoTraffic())))
                .isEqualTo("NoTraffic: there are no requests to judge LatencyP95 (candidate) by");
    }

    @Test
    void sidecarsAreCounted() {
        assertThat(held(seen -> seen.sidecars(3, 2, 2, 1)))
                .isEqualTo("SidecarsNotReady: sidecars are not ready: 3 desired, 2 injected, 2 connected, 1 in sync");
        assertThat(held(Story.until(Phase.PROGRESSING)
                        .told(Verb.ABORT)
                        .after(INTERVAL, HEALTHY)
                        .after(INTERVAL, seen -> seen.sidecars(2, 2, 2, 1))))
                .isEqualTo("AwaitingSidecars: waiting for every sidecar to be back:"
                        + " 2 desired, 2 injected, 2 connected, 1 in sync");
    }

    @Test
    void whoeverKeepsItIsNamedWithItsWeight() {
        assertThat(held(Story.until(Phase.PROGRESSING).told(Verb.PAUSE).after(INTERVAL, HEALTHY)))
                .isEqualTo("Paused: paused at weight 10");
        assertThat(held(Story.until(Phase.PROGRESSING).suspended(true).after(INTERVAL, HEALTHY)))
                .isEqualTo("Suspended: spec.suspend is true; the stop-loss stays armed at weight 10");
        Strategy manual = Plans.strategy(minutes(10), new Step(10, minutes(30), true), Plans.step(100, 30));
        Story waiting = Story.of(Plans.plan(Plans.FIRST, manual))
                .tellUntil(Phase.PROGRESSING)
                .during(minutes(30), HEALTHY);
        assertThat(held(waiting)).isEqualTo("AwaitingApproval: step 1 at weight 10 waits for promote");
    }

    @Test
    void aServiceThatBreachesBeforehandIsToldApart() {
        Story story = Story.of(Plans.plan())
                .after(INTERVAL, seen -> seen.last(minutes(1), Signal.ERROR_RATIO, Scope.SERVICE, 0.02));
        assertThat(held(story))
                .isEqualTo("ServiceBreaching: before anything was changed ErrorRatio (service) 0.02 >= 0.01");
    }
}
