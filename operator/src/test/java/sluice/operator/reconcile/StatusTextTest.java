package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    @Test
    void durationsAreWrittenAsKubernetesWritesThem() {
        assertThat(StatusText.of(Duration.ofSeconds(250))).isEqualTo("4m10s");
        assertThat(StatusText.of(Duration.ofMinutes(90))).isEqualTo("1h30m");
        assertThat(StatusText.of(Duration.ofMillis(20))).isEqualTo("20ms");
        assertThat(StatusText.of(Duration.ZERO)).isEqualTo("0s");
    }

    @Test
    void timesAlwaysHaveMilliseconds() {
        assertThat(StatusText.of(Instant.parse("2026-03-01T12:00:00Z"))).isEqualTo("2026-03-01T12:00:00.000Z");
    }

    @Test
    void decimalsArePlainAndShort() {
        assertThat(StatusText.of(0.0)).isEqualTo("0");
        assertThat(StatusText.of(100.0)).isEqualTo("100");
        assertThat(StatusText.of(0.024)).isEqualTo("0.024");
        assertThat(StatusText.of(1e-300)).isEqualTo("1.0E-300");
    }
}
