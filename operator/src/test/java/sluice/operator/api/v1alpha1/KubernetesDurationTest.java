package sluice.operator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesDurationTest {

    @ParameterizedTest
    @CsvSource({"20ms, PT0.02S", "10s, PT10S", "1h30m, PT1H30M", "1s500ms, PT1.5S", "0s, PT0S", "720h, PT720H"})
    void readsWholeHoursMinutesSecondsAndMilliseconds(String text, Duration duration) {
        assertThat(KubernetesDuration.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "-5m", "1.5h", "1y", "1d", "5 m", "100000h", "1h1h1h1h1h", "PT5M"})
    void refusesWhatAdmissionRefuses(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KubernetesDuration.parse(text))
                .withMessage("'" + text + "' is not a duration like 300ms, 10s, 5m or 1h30m");
    }
}
