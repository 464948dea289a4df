package sluice.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;

/** How the values of an axis are written. */
public enum Unit {
    SHARE("%", 100),
    TIME(" ms", 1000),
    RATE("/s", 1),
    PERCENT("%", 1),
    PLAIN("", 1);

    private static final MathContext THREE_DIGITS = new MathContext(3);

    private final String sign;
    private final double factor;

    Unit(String sign, double factor) {
        this.sign = sign;
        this.factor = factor;
    }

    /** Three digits of it, and the unit: {@code 1.25%}. */
    String text(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value * factor).round(THREE_DIGITS);
        return (rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString()) + sign;
    }

    /** A round step of an axis, 1, 2 or 5 times a power of ten of what is shown, of which at most four fit below {@code most}. */
    double step(double most) {
        double shown = most * factor;
        double power = Math.pow(10, Math.floor(Math.log10(shown / 4)));
        for (double times : new double[] {1, 2, 5}) {
            if (shown / (times * power) <= 4) {
                return times * power / factor;
            }
        }
        return 10 * power / factor;
    }
}
