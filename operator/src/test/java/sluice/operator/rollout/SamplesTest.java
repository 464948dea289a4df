package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.operator.rollout.Plans.T0;
import static sluice.operator.rollout.Plans.seconds;

import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private static Sample at(long second) {
        return new Sample(T0.plusSeconds(second), second);
    }

    private static List<Sample> all(long... seconds) {
        return LongStream.of(seconds).mapToObj(SamplesTest::at).toList();
    }

    @Test
    void aWindowIsOpenAtItsStartAndHasWhatCounts() {
        Samples samples = new Samples(all(0, 10, 20, 30));
        assertThat(samples.within(T0.plus(seconds(10)), Instant.EPOCH)).isEqualTo(all(20, 30));
        assertThat(samples.within(Instant.EPOCH, T0.plus(seconds(20)))).isEqualTo(all(20, 30));
        assertThat(samples.within(Instant.EPOCH, Instant.EPOCH)).isEqualTo(samples.all());
        assertThat(samples.within(T0.plus(seconds(30)), Instant.EPOCH)).isEmpty();
        assertThat(samples.within(Instant.EPOCH, T0.plus(seconds(31)))).isEmpty();
    }

    @Test
    void samplesAreInTheOrderOfTimeAndAtLeastOne() {
        assertThatThrownBy(() -> new Samples(List.of())).hasMessage("no samples");
        assertThatThrownBy(() -> new Samples(all(10, 0))).hasMessage("samples are not in the order of time");
        assertThatThrownBy(() -> new Samples(all(10, 10))).hasMessage("samples are not in the order of time");
    }

    @Test
    void aSampleIsFinite() {
        assertThatThrownBy(() -> new Sample(T0, Double.NaN)).hasMessage("value is not finite");
        assertThatThrownBy(() -> new Sample(T0, Double.POSITIVE_INFINITY)).hasMessage("value is not finite");
    }
}
