package sluice.cli.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes passwords out of Redis' commands and configuration, which have no sign between a name and its value: {@code AUTH app x},
 * {@code requirepass x}, {@code user app on >x}.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/">ACL rules</a>
 */
final class RedisSecrets {
    private static final String INSTEAD = Redaction.INSTEAD;

    /** One argument of a command that was typed, or that MONITOR shows. */
    private static final String ARGUMENT = "(?!\\[redacted])(?:" + ShellWord.IN_QUOTES + "|[^\\s\"']++)";

    /** A password, or a user and a password. In lower case it is a word, unless it is quoted as MONITOR does. */
    private static final Pattern AUTH = Pattern.compile("(?<before>(?:(?<![\\w.-])AUTH|\"(?i:auth)\")[ \\t]++)"
            + "(?<value>" + ARGUMENT + "(?:[ \\t]++(?!SETNAME\\b)" + ARGUMENT.replace("deep", "deeper") + ")?+)");

    private static final Pattern DIRECTIVE = Pattern.compile(
            "(?i)(?<before>(?<![\\w.])(?:requirepass|masterauth|primaryauth|sentinel-pass|auth-pass[ \\t]++\\S{1,256}+)[\"']?[ \\t]++)"
                    + "(?<value>" + ARGUMENT + ")");

    private static final Pattern SETUSER = Pattern.compile("(?i:\\bSETUSER\\b)[^\\n]*+");

    /** Passwords and hashes that are added or taken away by such a command. */
    private static final Pattern PASSWORD =
            Pattern.compile("(?<=[\"'])([>#<!])[^\"'\\n]++|(?<=\\s)([>#<!])[^\\s\"']\\S*+");

    /** What a line of {@code ACL LIST} or of a file of users begins with; in JSON, behind the end of the line before. */
    private static final Pattern USER =
            Pattern.compile("(?:\\b(?:user|(?i:setuser))|(?<=\\\\n)user)[ \\t]++\\S{1,256}+(?=[ \\t])");

    /** The next of its rules up to the password or hash. */
    private static final Pattern RULE = Pattern.compile("[ \\t]++(?<quote>\\\\*+[\"'])?+\\\\*+(?<sign>[>#<!])?+");

    private static final Pattern BARE = Pattern.compile(ShellWord.BARE);

    private static final Pattern REST = Pattern.compile(ShellWord.REST);

    private static final Pattern WITHOUT_PASSWORD =
            Pattern.compile("(?is)[~%&+@(-].*+|on|off|reset(?:keys|pass|channels)?"
                    + "|no(?:pass|commands)|all(?:keys|commands|channels)|clearselectors|(?:skip-)?sanitize-payload");

    /** More than 90%. */
    private static final Pattern SHARE = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3})?%");

    /** In a sentence: a page that is back. */
    private static final Pattern SUBJECT = Pattern.compile("[a-z]{1,32}+[ \\t]++(?:is|was|are|were|has|had)\\b");

    /** In a sentence: an issue's number, a tag, a comparison. */
    private static final Pattern SAID = Pattern.compile("#\\d{1,6}|</?[a-z]{1,32}+/?>|[<>!]=|<-+");

    /** What Redis itself says of a command. */
    private static final String PLACEHOLDER = "<password>";

    private static final Pattern CLAUSE_END = Pattern.compile("[.,;:!?]\\z");

    private static final Pattern OUTCOME = Pattern.compile("(?i)(?:ok|succeeded|for|by|with)(?=[.,;:!?]|\\z)");

    private final String text;
    private final ValueEnds ends;
    private final StringBuilder clean;
    private int done;

    private RedisSecrets(String text) {
        this.text = text;
        this.ends = new ValueEnds(text);
        this.clean = new StringBuilder(text.length());
    }

    static String takenOutOf(String text) {
        String clean = SETUSER.matcher(new RedisSecrets(text).withoutRules())
                .replaceAll(command -> Matcher.quoteReplacement(withoutPasswords(command.group())));
        return withoutValues(DIRECTIVE, withoutValues(AUTH, clean));
    }

    private static String withoutPasswords(String rules) {
        return PASSWORD.matcher(rules).replaceAll("$1$2" + Matcher.quoteReplacement(INSTEAD));
    }

    private String withoutRules() {
        Matcher user = USER.matcher(text);
        int from = 0;
        while (user.find(from)) {
            from = rules(user.end());
        }
        return clean.append(text, done, text.length()).toString();
    }

    /** Looks through the rules that begin there, and returns where they end. Behind the first one there may be some that are not known. */
    private int rules(int from) {
        boolean sentence = false;
        int end = from;
        for (Matcher rule = at(RULE, from); rule.lookingAt(); rule = at(RULE, end)) {
            int close = close(rule);
            int last = rule.group("quote") == null ? close : endOf(REST, quoteEnd(rule, close));
            boolean known = isKnown(rule, close, sentence);
            if (last == rule.end() || (end == from && !known)) {
                return end;
            }
            if (known && rule.group("sign") != null) {
                clean.append(text, done, rule.end()).append(INSTEAD).append(text, close, quoteEnd(rule, close));
                done = last;
            }
            sentence |= !known;
            end = last;
        }
        return end;
    }

    private int close(Matcher rule) {
        String quote = rule.group("quote");
        return quote == null ? endOf(BARE, rule.end()) : ends.close(rule.end(), quote);
    }

    private int quoteEnd(Matcher rule, int close) {
        String quote = rule.group("quote");
        return quote != null && text.startsWith(quote, close) ? close + quote.length() : close;
    }

    private boolean isKnown(Matcher rule, int close, boolean sentence) {
        String value = text.substring(rule.end(), close);
        String sign = rule.group("sign");
        if (sign == null) {
            return WITHOUT_PASSWORD.matcher(value).matches();
        }
        return !value.isEmpty()
                && !SHARE.matcher(value).matches()
                && !at(SUBJECT, rule.end()).lookingAt()
                && !(sentence && SAID.matcher(sign + value).matches());
    }

    private int endOf(Pattern pattern, int from) {
        Matcher found = at(pattern, from);
        return found.lookingAt() ? found.end() : from;
    }

    private Matcher at(Pattern pattern, int from) {
        return pattern.matcher(text).region(from, text.length());
    }

    private static String withoutValues(Pattern pattern, String text) {
        return pattern.matcher(text).replaceAll(found -> {
            String value = found.group("value");
            return Matcher.quoteReplacement(isSentence(value) ? found.group() : found.group("before") + INSTEAD);
        });
    }

    /** Whether that goes on telling of the command. A user may be called as a word of it; its password hardly is. */
    private static boolean isSentence(String value) {
        String[] words = value.split("[ \\t]+", 2);
        return value.startsWith(PLACEHOLDER)
                || (isWord(words[0])
                        && (words.length == 1 || CLAUSE_END.matcher(words[0]).find() || isWord(words[1])));
    }

    private static boolean isWord(String word) {
        return NamedSecrets.isState(word) || OUTCOME.matcher(word).lookingAt();
    }
}
