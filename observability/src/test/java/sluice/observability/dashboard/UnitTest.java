package sluice.observability.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RATIO               | 0.0123      | 1.23 %
            RATIO               | 0           | 0 %
            PERCENT             | 100         | 100 %
            SECONDS             | 0.3         | 300 ms
            SECONDS             | 0.00042     | 420 µs
            SECONDS             | 90          | 90 s
            SECONDS             | 600         | 10 min
            SECONDS             | 7776000     | 90 d
            SECONDS             | -30         | -30 s
            BYTES               | 104857600   | 100 MiB
            BYTES               | 1610612736  | 1.5 GiB
            REQUESTS_PER_SECOND | 79.96       | 80 req/s
            CORES               | 0.25        | 0.25 cores
            TIMES               | 5           | 5 ×
            COUNT               | 12345       | 12,345
            """)
    void writesValuesForPeople(Unit unit, double value, String text) {
        assertThat(unit.format(value)).isEqualTo(text);
    }

    @Test
    void asksForWhatIsChosenAndElseForAll() {
        var dashboard = Dashboards.all().getFirst();
        var choices = new Choices(Map.of("namespace", "apps"), Duration.ofMinutes(1));

        assertThat(choices.fill(
                        dashboard, "rate(a{namespace=~\"$namespace\",rollout=~\"$rollout\"}[$__rate_interval])"))
                .isEqualTo("rate(a{namespace=~\"apps\",rollout=~\".+\"}[60s])");
    }
}
