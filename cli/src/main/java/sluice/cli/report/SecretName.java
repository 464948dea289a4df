package sluice.cli.report;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether a name, of a field, a header, an option or a variable, is that of a secret: DB_PASSWORD and adminToken are, tokens and tokenUrl are not. */
final class SecretName {
    /** Wherever they stand in a name. */
    private static final Set<String> WORDS = Set.of(
            "authorization",
            "cookie",
            "token",
            "password",
            "passwd",
            "pwd",
            "pw",
            "pass",
            "passphrase",
            "passcode",
            "secret",
            "signature",
            "sig",
            "sid",
            "credential",
            "credentials");

    /** A key is secret by the word before it. */
    private static final Set<String> KEYS =
            Set.of("api", "access", "account", "encryption", "master", "private", "secret", "shared", "signing");

    /** What a name ends with that was written as one word. */
    private static final Pattern ENDS =
            Pattern.compile(".*(?:authorization|cookie|token|password|passwd|pwd|passphrase|requirepass|secret"
                    + "|signature|credentials?|sess(?:ion)?id|(?:" + String.join("|", KEYS) + ")key)");

    /** Alone or as in REDISCLI_AUTH; in a longer word it is what a server does. */
    private static final Pattern AUTH = Pattern.compile("[-_]*auth|\\w+_(?:auth|AUTH)|(?:master|primary)auth");

    /** A name that ends so tells something about a secret. */
    private static final Set<String> ABOUT = Set.of(
            "age",
            "algorithm",
            "alg",
            "audience",
            "count",
            "dir",
            "domain",
            "enabled",
            "endpoint",
            "errors",
            "expiration",
            "expired",
            "expires",
            "expiry",
            "failures",
            "file",
            "header",
            "invalid",
            "issuer",
            "kind",
            "length",
            "method",
            "millis",
            "minutes",
            "missing",
            "mode",
            "mount",
            "name",
            "names",
            "path",
            "policy",
            "provider",
            "rate",
            "ref",
            "required",
            "seconds",
            "size",
            "supported",
            "total",
            "ttl",
            "type",
            "uri",
            "url",
            "version");

    /** The shell's folders. */
    private static final Set<String> FOLDERS = Set.of("PWD", "OLDPWD");

    private static final Pattern SEPARATED = Pattern.compile("[A-Za-z][-_][A-Za-z]");

    private static final Pattern BETWEEN = Pattern.compile("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private SecretName() {}

    static boolean is(String name) {
        if (FOLDERS.contains(name)) {
            return false;
        }
        List<String> words = words(name);
        if (words.isEmpty() || ABOUT.contains(words.getLast())) {
            return false;
        }
        return AUTH.matcher(name).matches()
                || WORDS.contains(words.getLast())
                || isKey(words)
                || ENDS.matcher(String.join("", words)).matches()
                // TOKEN_GITHUB, but not TokenVerifierTest.
                || (SEPARATED.matcher(name).find() && words.stream().anyMatch(WORDS::contains));
    }

    /** Kubernetes' volumes of these names say which secret, and nothing of it. */
    static boolean isVolume(String name) {
        return name.equals("secret") || name.equals("serviceAccountToken");
    }

    /** Whether a field of a secret has nothing of it: {@code secretName}, {@code path}. */
    static boolean tellsAbout(String name) {
        List<String> words = words(name);
        return !words.isEmpty() && ABOUT.contains(words.getLast());
    }

    /** Of a name with dots, as of a field in an object, the words after the last one. */
    private static List<String> words(String name) {
        return BETWEEN.splitAsStream(name.substring(name.lastIndexOf('.') + 1))
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static boolean isKey(List<String> words) {
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i).equals("key") && KEYS.contains(words.get(i - 1))) {
                return true;
            }
        }
        return false;
    }
}
