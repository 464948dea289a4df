package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sluice.operator.reconcile.Notifier.Trouble;

/** What becomes of what is to be told when telling it does not work. */
class DeliveryTest {

    private static final Trouble DOWN = new Trouble("SlackFailing", "Slack answered 500");

    private final TestLoop loop = new TestLoop(TestLoop.TOLD);

    @Test
    void keepsWhatCouldNotBeToldAndSaysSo() {
        loop.notifier.trouble = Optional.of(DOWN);
        rolledBack();

        assertThat(loop.pending()).hasSize(4);
        assertThat(loop.condition(DeliveryCondition.TYPE)).hasValueSatisfying(condition -> {
            assertThat(condition.getStatus()).isEqualTo("False");
            assertThat(condition.getReason()).isEqualTo("SlackFailing");
            assertThat(condition.getMessage()).isEqualTo("Slack answered 500");
        });

        loop.notifier.trouble = Optional.empty();
        loop.turn();
        loop.turn();

        assertThat(loop.notifier.headlines()).hasSize(4).last().asString().contains("rolled back");
        assertThat(loop.pending()).isEmpty();
        assertThat(loop.condition(DeliveryCondition.TYPE))
                .hasValueSatisfying(
                        condition -> assertThat(condition.getStatus()).isEqualTo("True"));
    }

    @Test
    void givesUpAfterADayAndNotInSilence() {
        loop.notifier.trouble = Optional.of(DOWN);
        rolledBack();
        loop.now = loop.now.plus(Duration.ofHours(25));
        loop.turn();

        assertThat(loop.pending()).isEmpty();
        assertThat(loop.notifier.lost)
                .hasSize(4)
                .allMatch(lost -> lost.startsWith("nobody could be told within 24 h: apps/scholarship-api: "));
        assertThat(loop.condition(DeliveryCondition.TYPE)).hasValueSatisfying(condition -> {
            assertThat(condition.getReason()).isEqualTo("GivenUp");
            assertThat(condition.getMessage()).contains("Slack answered 500").contains("rolled back from weight 10");
        });

        loop.restart();
        loop.pass(Duration.ofMinutes(1));
        assertThat(loop.condition(DeliveryCondition.TYPE))
                .as("nothing was told since")
                .hasValueSatisfying(
                        condition -> assertThat(condition.getReason()).isEqualTo("GivenUp"));
    }

    @Test
    void givesUpWhatIsRefusedAndTellsTheRest() {
        loop.notifier.refusal = Optional.of("Slack answered msg_too_long");
        loop.passUntil("Observing");
        loop.turn();
        assertThat(loop.notifier.lost).singleElement().asString().contains("msg_too_long");

        loop.notifier.refusal = Optional.empty();
        loop.passUntil("Progressing");
        loop.turn();
        assertThat(loop.notifier.headlines()).containsExactly("apps/scholarship-api: weight 10, step 1 of 2");
        assertThat(loop.condition(DeliveryCondition.TYPE))
                .hasValueSatisfying(
                        condition -> assertThat(condition.getStatus()).isEqualTo("True"));
    }

    @Test
    void writesOnceMoreForWhatWasToldAndThenNothing() {
        loop.passUntil("Promoted");
        loop.turn();
        loop.turn();
        var writes = loop.written.size();

        loop.pass(Duration.ofMinutes(10));

        assertThat(loop.pending()).isEmpty();
        assertThat(loop.written).hasSize(writes);
    }

    @Test
    void whoeverRemovesTheSettingsIsToldNothingMore() {
        loop.notifier.trouble = Optional.of(DOWN);
        loop.passUntil("Progressing");
        loop.change(TestLoop.SPEC);
        loop.notifier.trouble = Optional.empty();
        loop.turn();
        loop.turn();

        assertThat(loop.notifier.told).isEmpty();
        assertThat(loop.status().pendingNotifications()).isNull();
        assertThat(loop.condition(DeliveryCondition.TYPE)).isEmpty();
    }

    @Test
    void triesUntilADeletedRolloutHasGone() {
        loop.notifier.trouble = Optional.of(DOWN);
        loop.passUntil("Progressing");
        assertThat(loop.farewell()).isPresent();
        loop.notifier.trouble = Optional.empty();

        assertThat(loop.farewell()).isPresent();

        assertThat(loop.notifier.told).hasSize(2);
        loop.world.pods.clear();
        assertThat(loop.farewell()).isEmpty();
        assertThat(loop.notifier.lost).isEmpty();
    }

    @Test
    void saysWhatNobodyHeardOfADeletedRollout() {
        loop.notifier.trouble = Optional.of(DOWN);
        loop.passUntil("Progressing");
        loop.world.deployment = null;

        assertThat(loop.farewell()).isEmpty();

        assertThat(loop.notifier.lost).hasSize(2).allMatch(lost -> lost.startsWith("the rollout was deleted first: "));
    }

    private void rolledBack() {
        loop.passUntil("Progressing");
        loop.pass(Duration.ofSeconds(70));
        loop.signals.candidateErrors = 0.5;
        loop.passUntil("RolledBack");
        loop.turn();
    }
}
