package sluice.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "007",
                "5.",
                ".5",
                "-.5",
                "0.1",
                "999999999999999",
                "9999999999999999",
                "0.000000000000001",
                "0.30000000000000004",
                "+1",
                "1e3",
                "1E-7",
                "-2.5e+10",
                "123456789012345678901234567890",
                "0.00000000000000000000000000001"
            })
    void isTheNearestDouble(String text) {
        assertThat(Decimal.parse(text)).isEqualTo(OptionalDouble.of(Double.parseDouble(text)));
    }

    @Property
    void isTheNearestDoubleHoweverItIsWritten(@ForAll long digits, @ForAll @IntRange(min = 0, max = 20) int fraction) {
        var plain = BigDecimal.valueOf(digits, fraction).toPlainString();
        assertThat(Decimal.parse(plain)).isEqualTo(OptionalDouble.of(Double.parseDouble(plain)));
        var few = BigDecimal.valueOf(digits % 1_000_000_000_000_000L, fraction).toPlainString();
        assertThat(Decimal.parse(few)).isEqualTo(OptionalDouble.of(Double.parseDouble(few)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                "-.",
                "--1",
                "1.2.3",
                "1-",
                "e5",
                "1d",
                "0x1p3",
                "NaN",
                "Infinity",
                "1e999",
                "1,5",
                "٣",
                " 1"
            })
    void whatIsNoDecimalIsNone(String text) {
        assertThat(Decimal.parse(text)).isEmpty();
    }
}
