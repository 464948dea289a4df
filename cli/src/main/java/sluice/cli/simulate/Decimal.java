package sluice.cli.simulate;

import java.util.OptionalDouble;

/** Numbers as people and programs write them. What Java alone takes for one, {@code 0x1p3} or {@code 1d}, is none here. */
final class Decimal {
    private static final String CHARACTERS = "0123456789+-.eE";
    /** So many digits are exact in a double, as is the power of ten that they are divided by, so the quotient is the nearest double. */
    private static final int EXACT_DIGITS = 15;

    private static final double[] POWERS_OF_TEN = new double[EXACT_DIGITS + 1];

    static {
        for (int i = 0; i <= EXACT_DIGITS; i++) {
            POWERS_OF_TEN[i] = Double.parseDouble("1e" + i);
        }
    }

    private Decimal() {}

    /** Reads the text; empty for what is none, and for one that is too large. */
    static OptionalDouble parse(String text) {
        OptionalDouble plain = plain(text);
        return plain.isPresent() ? plain : any(text);
    }

    /** A short one without exponent, as nearly all are: a day has a hundred thousand of them. */
    private static OptionalDouble plain(String text) {
        int begin = text.startsWith("-") ? 1 : 0;
        int point = text.length();
        long number = 0;
        for (int i = begin; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                number = number * 10 + (c - '0');
            } else if (c == '.' && point == text.length()) {
                point = i;
            } else {
                return OptionalDouble.empty();
            }
        }
        int fraction = Math.max(0, text.length() - point - 1);
        int digits = text.length() - begin - (point == text.length() ? 0 : 1);
        if (digits < 1 || digits > EXACT_DIGITS) {
            return OptionalDouble.empty();
        }
        double value = number / POWERS_OF_TEN[fraction];
        return OptionalDouble.of(begin == 0 ? value : -value);
    }

    private static OptionalDouble any(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (CHARACTERS.indexOf(text.charAt(i)) < 0) {
                return OptionalDouble.empty();
            }
        }
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }
}
