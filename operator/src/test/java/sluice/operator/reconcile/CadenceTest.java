package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.operator.reconcile.NotificationSettings.Cadence;

class CadenceTest {

    private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "PT0S,       ",
        "PT59M59S,   ",
        "PT1H,       PT1H",
        "PT1H59M,    PT1H",
        "PT2H,       PT2H",
        "PT6H,       PT6H",
        "PT6H59M,    PT6H",
        "PT7H,       ",
        "PT1000H,    ",
        "-PT1H,      "
    })
    void isDueEveryHourForSixHours(Duration gone, Duration due) {
        assertThat(new Cadence(Duration.ofHours(1), Duration.ofHours(6)).due(BEGAN, BEGAN.plus(gone)))
                .isEqualTo(java.util.Optional.ofNullable(due).map(BEGAN::plus));
    }

    @ParameterizedTest
    @CsvSource({"PT40M, PT40M", "PT1H20M, PT1H20M", "PT1H55M, PT1H20M", "PT2H, "})
    void endsWithTheLastWholeTime(Duration gone, Duration due) {
        assertThat(new Cadence(Duration.ofMinutes(40), Duration.ofMinutes(100)).due(BEGAN, BEGAN.plus(gone)))
                .isEqualTo(java.util.Optional.ofNullable(due).map(BEGAN::plus));
    }
}
