package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.operator.rollout.Plans.FIRST;
import static sluice.operator.rollout.Plans.INTERVAL;
import static sluice.operator.rollout.Plans.SECOND;
import static sluice.operator.rollout.Plans.minutes;
import static sluice.operator.rollout.Plans.seconds;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Another limiter in the resource while the promoted one is still armed, or no longer. */
class ReplacingThePromotedTest {
    private static final UnaryOperator<Seen> HEALTHY = UnaryOperator.identity();
    private static final Decision ACCEPTED = new Decision.Accept(SECOND);

    private static Seen breaching(Seen seen) {
        return seen.last(seconds(30), Signal.ERROR_RATIO, Scope.SERVICE, 0.02);
    }

    private static Story promoted() {
        return Story.of(Plans.armed(FIRST, minutes(60))).tellUntil(Phase.PROMOTED);
    }

    private static Story replaced(Story promoted) {
        return promoted.plan(Plans.armed(SECOND, minutes(60)));
    }

    @Test
    void waitsForABreachToEndOrToBeBroken() {
        Story story = replaced(promoted()).after(INTERVAL, ReplacingThePromotedTest::breaching);
        assertThat(story.heldBecause()).isEqualTo(HoldReason.BREACHING);
        assertThat(story.after(INTERVAL, HEALTHY).decision()).isEqualTo(ACCEPTED);
    }

    @Test
    void waitsForNoBreachOfATargetWithoutPods() {
        Story story = replaced(promoted()).after(INTERVAL, seen -> breaching(seen.sidecars(0, 0, 0, 0)));
        assertThat(story.decision()).isEqualTo(ACCEPTED);
    }

    @Test
    void waitsForNothingOnceTheTimeIsOver() {
        Story story = promoted().during(minutes(60).minus(INTERVAL), HEALTHY);
        assertThat(replaced(story)
                        .after(INTERVAL, ReplacingThePromotedTest::breaching)
                        .decision())
                .isEqualTo(ACCEPTED);
    }

    @Test
    void theLimiterBeforeIsARolloutLikeAnyOtherWhileAllIsWell() {
        Story story = replaced(promoted()).after(INTERVAL, HEALTHY).tellUntil(Phase.PROMOTED);
        story.plan(Plans.armed(FIRST, minutes(60))).after(INTERVAL, HEALTHY);
        assertThat(story.decision()).isEqualTo(new Decision.Accept(FIRST));
    }
}
