package sluice.cli.report;

/** Patterns of one word as it is typed, with the blanks that its quotes allow it, however deep it is in other strings. */
final class ShellWord {
    private static final String IN_DOUBLE = "(?:[^\"\\\\\\n]++|\\\\[^\\n])*+\"";

    private static final String IN_SINGLE = "[^'\\n]*+'";

    private static final String QUOTED = "(?:\"" + IN_DOUBLE + "|" + deep(1) + "|" + deep(2) + "|" + deep(3) + "|"
            + deep(7) + "|\\\\*+'" + IN_SINGLE + "|\\$'(?:[^'\\\\\\n]++|\\\\[^\\n])*+')";

    /** Where a quote is followed by that, it is rather the end of a string around the word than the beginning of a part of it. */
    private static final String NO_END = "(?![\\s,;:)\\]}])";

    /** Up to a blank, or to a quote or the end of a line in JSON that rather ends a string around the word. */
    static final String BARE = "(?:[^\\s\"'\\\\]++|\\\\*+[\"'](?=[^\\s,;:.)\\]}\"'\\\\])"
            + "|\\\\++(?![\"']|n(?:user\\b|[\"'\\s]|\\z)))*+";

    /** What belongs to a word behind a closing quote: an apostrophe in either of the ways to write it, more in quotes, and all else. */
    static final String REST =
            "(?:\\\\++'|\\\\*+\"'\\\\*+\"|\"" + NO_END + IN_DOUBLE + "|'" + NO_END + IN_SINGLE + ")*+" + BARE;

    /** A word that begins with a quote. */
    static final String IN_QUOTES = "(?:" + QUOTED + REST + ")";

    static final String ANY = "(?:" + IN_QUOTES + "|\\S++)";

    private ShellWord() {}

    /** In a string, in one of a shell in a string, or further in: up to a quote behind as many backslashes. */
    private static String deep(int backslashes) {
        String quote = "\\\\{" + backslashes + "}\"";
        return quote + "(?:[^\"\\\\\\n]++|(?!" + quote + ")\\\\++\"?+)*+" + quote;
    }
}
