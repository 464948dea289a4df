package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How often status says how many sidecars there are. */
class SidecarCountsTest {

    private static final Duration TURN = Duration.ofMillis(200);
    private static final int TURNS = 50;

    private final TestLoop loop = new TestLoop(TestLoop.SPEC);
    private int pods;

    @Test
    void areWrittenOnceASecondWhileSidecarsComeOneByOne() {
        settled();

        assertWrittenOnceASecond(this::comes);
    }

    @Test
    void areWrittenOnceASecondWhileSidecarsAcknowledgeARollbackOneByOne() {
        loop.passUntil("Observing");
        for (int i = 0; i < 2 * TURNS; i++) {
            comes();
        }
        loop.passUntil("Progressing");
        loop.signals.candidateErrors = 0.5;
        loop.acknowledging = 0;
        loop.passUntil("RollingBack");

        assertWrittenOnceASecond(() -> loop.acknowledging++);
        assertThat(loop.phase()).isEqualTo("RollingBack");
    }

    @Test
    void areRightASecondAfterTheLastOne() {
        settled();
        comes();
        loop.turn();
        loop.now = loop.now.plus(TURN);
        comes();

        var next = loop.turn(null);
        assertThat(injected()).isEqualTo(loop.world.pods.size() - 1);
        assertThat(next).isEqualTo(Duration.ofSeconds(1));

        loop.now = loop.now.plus(next);
        next = loop.turn(null);
        assertThat(injected()).isEqualTo(loop.world.pods.size());
        assertThat(next).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void keepNoConditionWaiting() {
        settled();
        assertThat(inSync()).isEqualTo("True");

        comes();
        loop.turn();
        assertThat(inSync()).isEqualTo("False");

        loop.now = loop.now.plus(TURN);
        loop.turn();
        assertThat(inSync()).isEqualTo("True");
        assertThat(injected()).isEqualTo(loop.world.pods.size());
    }

    private void assertWrittenOnceASecond(Runnable beforeEachTurn) {
        var before = loop.written.size();
        for (int i = 0; i < TURNS; i++) {
            beforeEachTurn.run();
            loop.turn();
            loop.now = loop.now.plus(TURN);
        }
        var seconds = (int) TURN.multipliedBy(TURNS).toSeconds();
        assertThat(loop.written.size() - before).isBetween(seconds / 2, seconds + 2);
    }

    private void settled() {
        loop.passUntil("Promoted");
        loop.pass(Duration.ofMinutes(2));
    }

    /** Another pod runs; its sidecar acknowledges after the next turn. */
    private void comes() {
        loop.world.pod("new-" + pods++, true);
    }

    private int injected() {
        return Optional.ofNullable(loop.status().sidecars())
                .map(counts -> counts.injected())
                .orElse(-1);
    }

    private String inSync() {
        return loop.condition("SidecarsInSync").orElseThrow().getStatus();
    }
}
