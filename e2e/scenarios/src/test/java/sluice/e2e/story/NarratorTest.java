package sluice.e2e.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import sluice.e2e.rollout.Rollouts;

class NarratorTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Narrator narrator = new Narrator(new PrintStream(said, true, UTF_8), Clock.systemUTC(), "");

    @Test
    void tellsEachChangeOnce() {
        narrator.hear(Rollouts.seen(AT, "", 0, 0));
        narrator.hear(Rollouts.seen(AT, "Progressing", 10, 2));
        narrator.hear(Rollouts.seen(AT.plusSeconds(2), "Progressing", 10, 2));
        narrator.hear(Rollouts.seen(AT.plusSeconds(4), "Progressing", 100, 3));

        assertThat(said.toString(UTF_8).lines())
                .map(line -> line.substring(10))
                .containsExactly(
                        "Progressing   10%  step 1/2  next in 10s    Holding",
                        "Progressing  100%  step 1/2  next in 10s    Holding");
    }
}
