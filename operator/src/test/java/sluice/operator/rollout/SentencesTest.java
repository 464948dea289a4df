package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentencesTest {
    private static Finding finding(OptionalDouble value, Verdict verdict) {
        return new Finding(Signal.ERROR_RATIO, Scope.CANDIDATE, value, 0.01, verdict);
    }

    @Test
    void aFindingSaysWhetherItIsOverItsThreshold() {
        assertThat(Sentences.of(finding(OptionalDouble.of(0.024), new Verdict.Breaching(Instant.EPOCH))))
                .isEqualTo("ErrorRatio (candidate) 0.024 >= 0.01");
        assertThat(Sentences.of(finding(OptionalDouble.of(0.004), new Verdict.Healthy())))
                .isEqualTo("ErrorRatio (candidate) 0.004 of 0.01");
        assertThat(Sentences.of(finding(OptionalDouble.empty(), new Verdict.Unknown("gone"))))
                .isEqualTo("ErrorRatio (candidate) ? of 0.01");
        assertThat(Sentences.name(finding(OptionalDouble.empty(), new Verdict.NoTraffic())))
                .isEqualTo("ErrorRatio (candidate)");
    }

    @ParameterizedTest
    @CsvSource({"0.0123456,0.0123", "1234.5,1230", "0.10,0.1", "0,0", "3,3"})
    void aFigureHasThreeDigits(double value, String text) {
        assertThat(Sentences.figure(value)).isEqualTo(text);
    }

    @Test
    void verdictsHaveNames() {
        assertThat(new Verdict.Healthy().text()).isEqualTo("Healthy");
        assertThat(new Verdict.Breaching(Instant.EPOCH).text()).isEqualTo("Breaching");
        assertThat(new Verdict.NoTraffic().text()).isEqualTo("NoTraffic");
        assertThat(new Verdict.Unknown("gone").text()).isEqualTo("Unknown");
    }

    @Test
    void sidecarsAreCounted() {
        assertThat(new Sidecars(4, 3, 2, 1)).hasToString("4 desired, 3 injected, 2 connected, 1 in sync");
    }
}
