package sluice.e2e.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RolloutHistoryTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private final RolloutHistory history = new RolloutHistory(seen -> {});

    @Test
    void findsAStateThatHasPassedAlready() {
        int mark = history.mark();
        history.add(AT, Rollouts.of("Progressing", 10, 2));
        history.add(AT, Rollouts.of("Promoted", 100, 3));

        assertThat(history.await("weight 10", mark, Duration.ZERO, rollout -> rollout.weight() == 10))
                .isEqualTo(Rollouts.seen(AT, "Progressing", 10, 2));
    }

    @Test
    void doesNotLookBeforeTheMark() {
        history.add(AT, Rollouts.of("Promoted", 100, 3));
        int mark = history.mark();

        assertThatThrownBy(
                        () -> history.await("the end", mark, Duration.ofMillis(1), rollout -> rollout.is("Promoted")))
                .isInstanceOf(StoryBrokenException.class)
                .hasMessageContaining("the end")
                .hasMessageContaining("Promoted");
    }

    @Test
    void waitsForAStateToCome() {
        var coming = CompletableFuture.supplyAsync(
                () -> history.await("the end", 0, Duration.ofMinutes(1), rollout -> rollout.is("Promoted")));
        history.add(AT, Rollouts.of("Progressing", 10, 2));
        history.add(AT, Rollouts.of("Promoted", 100, 3));

        assertThat(coming).succeedsWithin(Duration.ofMinutes(1)).isEqualTo(Rollouts.seen(AT, "Promoted", 100, 3));
    }
}
