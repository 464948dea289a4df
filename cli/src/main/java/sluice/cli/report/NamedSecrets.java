package sluice.cli.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the values of secrets out of a text that says whose they are: {@code password: x} as configuration, shells, JSON, YAML, URLs and
 * headers write it. Where a value may have blanks, it goes to the end of its line.
 *
 * <p>A text is looked through once, however long a word or a line of it is.
 */
final class NamedSecrets {
    private static final String INSTEAD = Redaction.INSTEAD;

    /** A name, the quote that closes it with as many backslashes as it is deep in other strings, and what says that a value follows. */
    private static final Pattern PAIR =
            Pattern.compile("(?<![A-Za-z0-9_.-])(?<name>[A-Za-z0-9_.-]++)(?<close>\\\\*+[\"'])?+]?+"
                    + "[ \\t]*+(?<is>=>|:=|:(?!//)|=(?![=~])|%3[dD])[ \\t]*+");

    private static final Pattern HEADER = Pattern.compile("(?i).*(?:authorization|cookie)");

    /** What an object calls a name, and what the one beside it is. */
    private static final Pattern NAME = Pattern.compile("(?i)name|key");

    private static final Pattern VALUE = Pattern.compile("(?i)value");

    /** What may stand before a name at the start of a line: a shell, a list in YAML, what curl and {@code sh -x} put there. */
    private static final Pattern START = Pattern.compile("[\\s>*<+|$-]*(?:(?:export|set|env|ENV|ARG|declare -x)\\s+)?");

    private static final int LONGEST_START = 60;

    private static final Pattern OPENED = Pattern.compile("\\$?(?<quote>\\\\*+[\"'])");
    private static final Pattern BECAME = Pattern.compile("[ \\t]*+->[ \\t]*+");
    private static final Pattern BLOCK = Pattern.compile("(?:[|>][+-]?)?[ \\t]*+(?:\\r?\\n|\\z)");

    /** In YAML, with the value in the lines below; elsewhere it may be one itself. */
    private static final Pattern COMMENT = Pattern.compile("(?:[|>][+-]?[ \\t]++)?+#");

    /** What is said of a secret, and never is one. */
    private static final Pattern STATE = Pattern.compile(
            "(?i)(?:true|false|null|nil|none|missing|invalid|expired|empty|required|\\d+(?:\\.\\d+)?\\s?%)(?![\\w/+=-])");

    /** The same in a sentence: "failed to get token: connection refused". */
    private static final Pattern CLAUSE = Pattern.compile(
            "(?i)(?:a|access|an|bad|can|cannot|connection|context|could|denied|dial|does|EOF|error|failed|file"
                    + "|forbidden|from|got|has|in|is|it|malformed|must|no|not|of|permission|refused|rejected|request|revoked|status|the|there|this|timed"
                    + "|timeout|too|unable|unauthorized|unexpected|unknown|unsupported|was|wrong)(?=[\\s.,;:!?]|\\z)");

    /** Where there is one, what is called data is taken for its own, before its kind or after it. */
    private static final Pattern OF_SECRET =
            Pattern.compile("\\bkind\\\\*+[\"']?[ \\t]*+:[ \\t]*+\\\\*+[\"']?Secret(?:List)?\\b");

    private static final Pattern WORD = Pattern.compile("\\\\*+[\"']?([A-Za-z0-9_.-]++)");

    private final String text;
    private final StringBuilder clean;
    private final ValueEnds ends;
    private final boolean ofSecret;

    private NamedSecrets(String text) {
        this.text = text;
        this.clean = new StringBuilder(text.length());
        this.ends = new ValueEnds(text);
        this.ofSecret = OF_SECRET.matcher(text).find();
    }

    static String takenOutOf(String text) {
        return new NamedSecrets(text).clean();
    }

    private String clean() {
        Matcher pair = PAIR.matcher(text);
        int done = 0;
        boolean named = false;
        while (pair.find(done)) {
            String name = pair.group("name");
            int value = pair.end();
            boolean secret =
                    isSecret(pair, name) || (named && VALUE.matcher(name).matches());
            named = NAME.matcher(name).matches() && SecretName.is(word(value));
            clean.append(text, done, value);
            done = ofSecret && isData(name) ? takeOutData(pair, value) : secret ? takeOut(pair, value) : value;
        }
        return clean.append(text, done, text.length()).toString();
    }

    /** Not a part of a recorded series' name, as in {@code sluice:auth:rate}. */
    private boolean isSecret(Matcher pair, String name) {
        boolean series = pair.group("is").equals(":") && pair.start() > 0 && text.charAt(pair.start() - 1) == ':';
        return !series && SecretName.is(name);
    }

    /** Whether a Secret's values are under that name. */
    static boolean isData(String name) {
        return name.equals("data") || name.equals("stringData");
    }

    private int takeOutData(Matcher pair, int from) {
        if (text.startsWith("{", from)) {
            String quote = pair.group("close") == null ? "" : pair.group("close");
            clean.append(quote);
            int end = instead(endOfData(pair.start(), from));
            clean.append(quote);
            return end;
        }
        return at(BLOCK, from).lookingAt() || at(COMMENT, from).lookingAt() ? block(pair.start(), from) : from;
    }

    /** Of an object that was cut off, the end of the text; where it began in the line, its line and those that are further in. */
    private int endOfData(int name, int from) {
        int closed = ends.closedInLine(from);
        if (closed > 0) {
            return closed;
        }
        int last = at(BLOCK, from + 1).lookingAt() ? text.length() : ends.endOfBlock(name, from);
        return ends.closingBracket(from, last, last);
    }

    /** Whether what follows a name tells only how it is with the secret. */
    static boolean isState(String value) {
        return STATE.matcher(value).lookingAt() || CLAUSE.matcher(value).lookingAt();
    }

    /** Writes what stands instead of the value that begins there, and returns where it ends. */
    private int takeOut(Matcher pair, int from) {
        String is = pair.group("is");
        boolean quoted = pair.group("close") != null;
        boolean sentence = is.equals(":") && !quoted;
        boolean starts = !quoted && startsLine(pair.start());
        if (at(STATE, from).lookingAt() || (sentence && at(CLAUSE, from).lookingAt())) {
            return from;
        }
        if (SecretName.isVolume(pair.group("name")) && (at(BLOCK, from).lookingAt() || text.startsWith("{", from))) {
            return from;
        }
        if (at(BLOCK, from).lookingAt()) {
            return starts || (quoted && is.equals(":")) ? block(pair.start(), from) : from;
        }
        if (starts && at(COMMENT, from).lookingAt()) {
            return block(pair.start(), from);
        }
        if (!quoted && (starts || HEADER.matcher(pair.group("name")).matches())) {
            return instead(ends.restOfLine(pair.start(), from));
        }
        int end = value(from, pair);
        Matcher became = at(BECAME, end);
        while (became.lookingAt()) {
            clean.append(text, end, became.end());
            end = value(became.end(), pair);
            became = at(BECAME, end);
        }
        return end;
    }

    private int value(int from, Matcher pair) {
        Matcher opened = at(OPENED, from);
        if (opened.lookingAt()) {
            String quote = opened.group("quote");
            int close = ends.close(opened.end(), quote);
            int end = text.startsWith(quote, close) ? close + quote.length() : close;
            clean.append(text, from, opened.end())
                    .append(close == opened.end() ? "" : INSTEAD)
                    .append(text, close, end);
            return end;
        }
        String close = pair.group("close");
        boolean listed = from < text.length() && "[{".indexOf(text.charAt(from)) >= 0;
        if (listed || close != null) {
            String quote = close == null ? "" : close;
            clean.append(quote);
            int end = instead(listed ? ends.closingBracket(from) : ends.end(from, ",}]"));
            clean.append(quote);
            return end;
        }
        boolean query = pair.start() > 0 && "?&".indexOf(text.charAt(pair.start() - 1)) >= 0;
        return instead(ends.end(from, query ? "&#" : pair.group("is").startsWith("%") ? "&%" : ""));
    }

    private int instead(int end) {
        clean.append(INSTEAD);
        return end;
    }

    /** Lines that are further in than the one with the name. */
    private int block(int name, int from) {
        int end = ends.endOfBlock(name, from);
        return end == from ? from : instead(end);
    }

    private boolean startsLine(int name) {
        int start = Math.max(0, name - LONGEST_START);
        int line = text.substring(start, name).lastIndexOf('\n');
        if (line < 0 && start > 0) {
            return false;
        }
        return START.matcher(text.substring(start + line + 1, name)).matches();
    }

    /** The word that is a value, without its quotes. */
    private String word(int from) {
        Matcher word = at(WORD, from);
        return word.lookingAt() ? word.group(1) : "";
    }

    private Matcher at(Pattern pattern, int from) {
        return pattern.matcher(text).region(from, text.length());
    }
}
