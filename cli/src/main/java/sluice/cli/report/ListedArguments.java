package sluice.cli.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes passwords out of the commands in a text whose words stand apart: in JSON's lists, in YAML's of one line or of many, and quoted side
 * by side.
 *
 * @see Arguments
 */
final class ListedArguments {
    private static final String INSTEAD = Redaction.INSTEAD;

    private static final Pattern LINES = Pattern.compile("(?m)^[ \\t]*+-[ \\t]++");

    private static final Pattern NEXT_LINE =
            Pattern.compile("(?:[ \\t]*+(?:#[^\\r\\n]*+)?+\\r?\\n)++[ \\t]*+-[ \\t]++");

    private static final Pattern COMMENT = Pattern.compile("(?s)[ \\t]++#.*");

    private static final Pattern OF_LINE = Pattern.compile("[^\\r\\n]++");

    /** A bracket, or an option or a command of Redis in quotes, where the list's beginning was cut off. */
    private static final Pattern LIST = Pattern.compile("\\[\\s*+|(?<![\\w\\\\])(?=\\\\{0,64}+[\"'](?:-|AUTH))");

    private static final Pattern NEXT = Pattern.compile("\\s*+,\\s*+|\\s++(?=\\\\*+[\"'])");

    private static final Pattern OF_LIST = Pattern.compile("[^,\\[\\]{}\"'\\r\\n]*[^,\\[\\]{}\"'\\s]");

    private static final Pattern OPENED = Pattern.compile("\\\\*+[\"']");

    private final String text;
    private final Pattern next;
    private final Pattern word;
    private final ValueEnds ends;
    private final StringBuilder clean;
    private int done;

    private ListedArguments(String text, Pattern next, Pattern word) {
        this.text = text;
        this.next = next;
        this.word = word;
        this.ends = new ValueEnds(text);
        this.clean = new StringBuilder(text.length());
    }

    static String takenOutOf(String text) {
        String lines = new ListedArguments(text, NEXT_LINE, OF_LINE).clean(LINES);
        return new ListedArguments(lines, NEXT, OF_LIST).clean(LIST);
    }

    private String clean(Pattern beginning) {
        Matcher list = beginning.matcher(text);
        int from = 0;
        while (from <= text.length() && list.find(from)) {
            int end = words(list.end());
            from = Math.max(end, list.start() + 1);
        }
        return clean.append(text, done, text.length()).toString();
    }

    /** Looks through the list whose first word begins there, and returns where it ends. */
    private int words(int from) {
        var arguments = new Arguments();
        int end = word(arguments, from);
        Matcher between = at(next, end);
        while (end > from && between.lookingAt()) {
            int start = between.end();
            int last = word(arguments, start);
            if (last == start) {
                return end;
            }
            end = last;
            between = at(next, end);
        }
        return end;
    }

    private int word(Arguments arguments, int from) {
        Matcher opened = at(OPENED, from);
        if (opened.lookingAt()) {
            int close = ends.close(opened.end(), opened.group());
            takeOut(arguments, opened.end(), close);
            return Math.min(
                    text.length(),
                    close
                            + (text.startsWith(opened.group(), close)
                                    ? opened.group().length()
                                    : 0));
        }
        Matcher bare = at(word, from);
        if (!bare.lookingAt()) {
            return from;
        }
        takeOut(arguments, from, bare.end());
        return bare.end();
    }

    private void takeOut(Arguments arguments, int from, int to) {
        if (arguments.isSecret(said(from, to)) && to > from) {
            clean.append(text, done, from).append(INSTEAD);
            done = to;
        }
    }

    /** The word without a comment behind it. */
    private String said(int from, int to) {
        return COMMENT.matcher(text.substring(from, to)).replaceFirst("").strip();
    }

    private Matcher at(Pattern pattern, int from) {
        return pattern.matcher(text).region(from, text.length());
    }
}
