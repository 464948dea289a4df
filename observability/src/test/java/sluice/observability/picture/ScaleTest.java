package sluice.observability.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ScaleTest {

    @Test
    void marksRoundNumbers() {
        assertThat(Scale.around(0, 87, 1).marks()).containsExactly(0.0, 25.0, 50.0, 75.0, 100.0);
        assertThat(Scale.around(0, 300 * 1024 * 1024, 1024 * 1024).marks())
                .containsExactly(0.0, 104_857_600.0, 209_715_200.0, 314_572_800.0);
        assertThat(Scale.around(0, 0, 0.01).high()).isEqualTo(0.01, within(1e-9));
    }

    @Property
    void hasAFewMarksAroundWhateverThereIs(
            @ForAll @DoubleRange(min = -1e6, max = 0) double low,
            @ForAll @DoubleRange(min = 0, max = 1e9) double high) {
        var scale = Scale.around(low, high, 1);

        assertThat(scale.marks()).hasSizeBetween(2, 8).isSorted();
        assertThat(scale.low()).isLessThanOrEqualTo(low + scale.tick() * 1e-6);
        assertThat(scale.high()).isGreaterThanOrEqualTo(high - scale.tick() * 1e-6);
        assertThat(scale.share(low)).isBetween(0.0, 1.0);
        assertThat(scale.share(high)).isBetween(0.0, 1.0);
    }
}
