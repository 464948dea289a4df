package sluice.limiter.log;

/** Text from outside, made fit for a log line. */
final class LogText {

    /** How much of a text is kept, in UTF-16 units. */
    static final int LONGEST = 1024;

    private static final char REPLACEMENT = '\ufffd';

    private LogText() {}

    /** The text, well-formed, and cut where it is very long. */
    static String of(String text) {
        return wellFormed(text.length() <= LONGEST ? text : text.substring(0, LONGEST));
    }

    /** The text with half a surrogate pair, which many JSON parsers refuse, as U+FFFD. */
    static String wellFormed(String text) {
        for (var at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                return replaced(text);
            }
        }
        return text;
    }

    private static String replaced(String text) {
        var result = new StringBuilder(text.length());
        text.codePoints().map(LogText::orReplacement).forEach(result::appendCodePoint);
        return result.toString();
    }

    private static int orReplacement(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? REPLACEMENT : point;
    }
}
