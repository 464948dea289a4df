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
    private static final String ARGUMENT = "(?!\\[redacted])(?:\"[^\"\\n]*+\"|'[^'\\n]*+'|[^\\s\"']++)";

    /** A password, or a user and a password. In lower case it is a word, unless it is quoted as MONITOR does. */
    private static final Pattern AUTH = Pattern.compile("(?<before>(?:(?<![\\w.-])AUTH|\"(?i:auth)\")[ \\t]++)"
            + "(?<value>" + ARGUMENT + "(?:[ \\t]++(?!SETNAME\\b)" + ARGUMENT + ")?+)");

    private static final Pattern DIRECTIVE = Pattern.compile(
            "(?i)(?<before>(?<![\\w.])(?:requirepass|masterauth|primaryauth|sentinel-pass|auth-pass[ \\t]++\\S{1,256}+)[\"']?[ \\t]++)"
                    + "(?<value>" + ARGUMENT + ")");

    /** A line of {@code ACL LIST} or of a file of users, by what its first rule begins with; or a command. */
    private static final Pattern RULES = Pattern.compile("(?i:\\bSETUSER\\b)[^\\n]*+"
            + "|\\buser[ \\t]++\\S{1,256}+[ \\t]++(?:o(?:n|ff)\\b|reset|nopass|sanitize|skip-|[>#<!~%&+@])[^\\n]*+");

    /** Passwords and hashes that are added or taken away by such a line. */
    private static final Pattern PASSWORD =
            Pattern.compile("(?<=[\"'])([>#<!])[^\"'\\n]++|(?<=\\s)([>#<!])[^\\s\"']\\S*+");

    /** What Redis itself says of a command. */
    private static final String PLACEHOLDER = "<password>";

    private RedisSecrets() {}

    static String takenOutOf(String text) {
        String clean =
                RULES.matcher(text).replaceAll(rules -> Matcher.quoteReplacement(withoutPasswords(rules.group())));
        return withoutValues(DIRECTIVE, withoutValues(AUTH, clean));
    }

    private static String withoutPasswords(String rules) {
        return PASSWORD.matcher(rules).replaceAll("$1$2" + Matcher.quoteReplacement(INSTEAD));
    }

    private static String withoutValues(Pattern pattern, String text) {
        return pattern.matcher(text).replaceAll(found -> {
            String value = found.group("value");
            boolean said = value.startsWith(PLACEHOLDER) || NamedSecrets.isState(value);
            return Matcher.quoteReplacement(said ? found.group() : found.group("before") + INSTEAD);
        });
    }
}
