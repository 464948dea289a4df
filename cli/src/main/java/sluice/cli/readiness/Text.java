package sluice.cli.readiness;

import java.math.BigDecimal;
import java.math.MathContext;

/** How figures and words are written. */
final class Text {
    private static final int MOST = 200;
    private static final int COMMIT = 12;
    private static final MathContext THREE_DIGITS = new MathContext(3);

    private Text() {}

    /** The beginning of a long text. */
    static String brief(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST - 1) + "…";
    }

    /** As much of a commit as names it. */
    static String commit(String commit) {
        if (commit.isEmpty()) {
            return "unknown";
        }
        return commit.length() <= COMMIT ? commit : commit.substring(0, COMMIT);
    }

    /** Three digits of a number. */
    static String number(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(THREE_DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    static String percent(double share) {
        return number(100 * share) + "%";
    }
}
