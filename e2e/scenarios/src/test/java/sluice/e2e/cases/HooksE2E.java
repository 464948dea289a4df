package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import sluice.e2e.load.Load;
import sluice.e2e.rollout.Manifest;
import sluice.e2e.story.Afterwards;
import sluice.e2e.story.SmokeSuite;
import sluice.e2e.story.Stage;

/** The smoke suite of {@code e2e/around/smoke} as hooks: Jobs that call the service as everybody does, through the WAF. */
@Order(7)
class HooksE2E {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Stage stage = TestCluster.stage();

    @Test
    void theSmokeSuitePassesAfterAPromotionAndAfterARollback() {
        // Beside it the suite's own burst is no share that a stop-loss rule would notice.
        Load load = TestCluster.load(TestCluster.RATE);
        try (Afterwards _ = load::stop) {
            promote();
            goBack();
        }
    }

    private void promote() {
        int mark = stage.apply(manifest(63).withHolds("10s", "10s"));

        assertPassed(SmokeSuite.AFTER_PROMOTION, mark);
    }

    private void goBack() {
        int mark = stage.apply(manifest(64).withHolds("30m", "10s"));
        stage.history().await("weight 10", mark, PATIENCE, rollout -> rollout.isCurrent() && rollout.weight() == 10);
        stage.command("abort");

        assertPassed(SmokeSuite.AFTER_ROLLBACK, mark);
    }

    private static Manifest manifest(int tokens) {
        var service = TestCluster.environment().waf();
        return TestCluster.manifest()
                .withLimit(tokens, "1m", tokens)
                .with("/spec/strategy/observe", "10s")
                .with(
                        "/spec/hooks",
                        Stream.of(SmokeSuite.values())
                                .map(suite -> suite.hook(service))
                                .toList());
    }

    private void assertPassed(SmokeSuite suite, int mark) {
        assertThat(suite.await(stage, mark)).contains("13 of 13 passed").doesNotContain("FAILED", "eyJ");
    }
}
