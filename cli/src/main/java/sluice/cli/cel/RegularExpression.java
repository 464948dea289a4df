package sluice.cli.cel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Regular expressions as the rules have them, which Java writes in another way where it matters. */
final class RegularExpression {
    private static final Map<String, Pattern> KNOWN = new ConcurrentHashMap<>();

    private RegularExpression() {}

    static Pattern of(String text) {
        return KNOWN.computeIfAbsent(text, known -> Pattern.compile(inJava(known)));
    }

    /** The end is the end, not what is before a last newline; and control characters have another name. */
    private static String inJava(String text) {
        StringBuilder java = new StringBuilder();
        boolean inClass = false;
        String named = text.replace("[:cntrl:]", "\\p{Cntrl}");
        for (int i = 0; i < named.length(); i++) {
            char c = named.charAt(i);
            inClass = c == '[' || (inClass && c != ']');
            java.append(c == '$' && !inClass ? "\\z" : String.valueOf(c));
        }
        return java.toString();
    }
}
