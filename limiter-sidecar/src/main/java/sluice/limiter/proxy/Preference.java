package sluice.limiter.proxy;

import java.util.List;
import java.util.Locale;

/**
 * Reads from {@code Accept} whether somebody would rather read a page than JSON.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1">RFC 9110, section 12.5.1</a>
 */
final class Preference {

    private static final int MOST_RANGES = 64;

    private Preference() {}

    /** True when HTML is wanted more than JSON; whoever does not care, and most programs do not, gets JSON. */
    static boolean isHtml(List<String> accept) {
        var ranges = String.join(",", accept).toLowerCase(Locale.ROOT).split(",", MOST_RANGES);
        return quality(ranges, "text", "text/html")
                > Math.max(
                        quality(ranges, "application", "application/problem+json"),
                        quality(ranges, "application", "application/json"));
    }

    /** What the most specific range that matches gives to {@code type}, in thousandths. */
    private static int quality(String[] ranges, String family, String type) {
        var quality = 0;
        var specificity = 0;
        for (var range : ranges) {
            var name = range.split(";", 2)[0].strip();
            var specific = name.equals(type) ? 3 : name.equals(family + "/*") ? 2 : name.equals("*/*") ? 1 : 0;
            if (specific > specificity) {
                specificity = specific;
                quality = thousandths(range);
            }
        }
        return quality;
    }

    private static int thousandths(String range) {
        for (var parameter : range.split(";", -1)) {
            var value = parameter.strip();
            if (value.startsWith("q=")) {
                return value.matches("q=(1(\\.0{0,3})?|0(\\.\\d{0,3})?)")
                        ? (int) Math.round(Double.parseDouble(value.substring(2)) * 1000)
                        : 0;
            }
        }
        return 1000;
    }
}
