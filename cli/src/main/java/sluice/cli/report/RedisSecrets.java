package sluice.cli.report;

import java.util.regex.MatchResult;
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
    private static final String ARGUMENT = "(?!\\[redacted])(?:\"[^\"\\n]*+\"|'[^'\\n]*+'|[^\\s\"']++)";

    /** A password, or a user and a password. In lower case it is a word, unless it is quoted as MONITOR does. */
    private static final Pattern AUTH = Pattern.compile("(?<before>(?:(?<![\\w.-])AUTH|\"(?i:auth)\")[ \\t]++)"
            + "(?<value>" + ARGUMENT + "(?:[ \\t]++(?!SETNAME\\b)" + ARGUMENT + ")?+)");

    private static final Pattern DIRECTIVE = Pattern.compile(
            "(?i)(?<before>(?<![\\w.])(?:requirepass|masterauth|primaryauth|sentinel-pass|auth-pass[ \\t]++\\S{1,256}+)[\"']?[ \\t]++)"
                    + "(?<value>" + ARGUMENT + ")");

    private static final Pattern SETUSER = Pattern.compile("(?i:\\bSETUSER\\b)[^\\n]*+");

    /** Passwords and hashes that are added or taken away by such a command. */
    private static final Pattern PASSWORD =
            Pattern.compile("(?<=[\"'])([>#<!])[^\"'\\n]++|(?<=\\s)([>#<!])[^\\s\"']\\S*+");

    /** A rule of a line of {@code ACL LIST} or of a file of users: the first one after the name, or the next. More than 90% is not one. */
    private static final Pattern RULE = Pattern.compile("(?:\\buser[ \\t]++\\S{1,256}+|(?!\\A)\\G)[ \\t]++"
            + "(?:(?<sign>[>#<!])(?!\\d{1,3}(?:\\.\\d{1,3})?%(?![^\\s\"']))[^\\s\"']++|[~%&+@(-][^\\s\"']*+"
            + "|(?:o(?:n|ff)|reset(?:keys|pass|channels)?|no(?:pass|commands)|all(?:keys|commands|channels)|clearselectors"
            + "|(?:skip-)?sanitize-payload)(?![^\\s\"']))");

    /** What Redis itself says of a command. */
    private static final String PLACEHOLDER = "<password>";

    private static final Pattern CLAUSE_END = Pattern.compile("[.,;:!?]\\z");

    private static final Pattern OUTCOME = Pattern.compile("(?i)(?:ok|succeeded|for|by|with)(?=[.,;:!?]|\\z)");

    private RedisSecrets() {}

    static String takenOutOf(String text) {
        String clean = SETUSER.matcher(text)
                .replaceAll(command -> Matcher.quoteReplacement(withoutPasswords(command.group())));
        clean = RULE.matcher(clean).replaceAll(rule -> Matcher.quoteReplacement(withoutPassword(rule)));
        return withoutValues(DIRECTIVE, withoutValues(AUTH, clean));
    }

    private static String withoutPasswords(String rules) {
        return PASSWORD.matcher(rules).replaceAll("$1$2" + Matcher.quoteReplacement(INSTEAD));
    }

    private static String withoutPassword(MatchResult rule) {
        int sign = rule.end("sign") - rule.start();
        return sign < 0 ? rule.group() : rule.group().substring(0, sign) + INSTEAD;
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
