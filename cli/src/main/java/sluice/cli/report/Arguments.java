package sluice.cli.report;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command's words one after another, as Kubernetes has them: {@code ["redis-cli", "-a", "x"]}. Tells which of them are passwords, by the
 * words before them.
 *
 * <p>Where words begin with an option, the command is elsewhere and may be any.
 */
final class Arguments {
    private static final Pattern COMMAND =
            Pattern.compile("(?:[^\\s]*/)?(?:(redis-cli|valkey-cli|sshpass|curl)|(?:mysql|mariadb)[\\w-]*)");

    private static final Pattern OPTION = Pattern.compile("--?([A-Za-z][\\w-]*)");

    /** In Redis' commands and in its configuration. */
    private static final Pattern DIRECTIVE = Pattern.compile("(?i)requirepass|masterauth|primaryauth|sentinel-pass");

    /** A user and a password follow, or the password alone; of a sentinel, what it watches and the password. */
    private static final Pattern TWO = Pattern.compile("AUTH|(?i:auth-pass)");

    private static final Pattern USER = Pattern.compile("(?i)setuser|(?:--)?user");

    private static final Pattern ACL_PASSWORD = Pattern.compile("[>#<!].+");

    private static final Pattern CREDENTIALS = Pattern.compile("(?:-[A-Za-z]{0,8}u|--user|--proxy-user)");

    private static final Pattern JOINED_CREDENTIALS = Pattern.compile("-[A-Za-z]{0,8}u[^:]{1,256}+:.+");

    /** The same behind those of curl's options that have no value. */
    private static final Pattern JOINED_TO_ANY =
            Pattern.compile("-[0-46BGIJLMNOQRSVafgijklnpqsv]{0,8}u[^:]{1,256}+:.+");

    /** With one dash, as programs in Go and Java have it. Its name tells whether the value is secret. */
    private static final Pattern SETTING = Pattern.compile("-[A-Za-z][A-Za-z._-]+=[^=].*");

    /** A port, or an option of one dash. */
    private static final Pattern NOT_JOINED = Pattern.compile("-p(?:\\d{1,5}|[a-z-]*)");

    private static final Pattern PORT = Pattern.compile("\\d{1,5}");

    private enum Awaited {
        NOTHING,
        ANYTHING,
        PASSWORD,
        USER_AND_PASSWORD,
        LAST_OF_TWO,
        CREDENTIALS,
        PASSWORD_OR_PORT
    }

    private String command = "";
    private boolean first = true;
    private boolean ofUser;
    private Awaited awaited = Awaited.NOTHING;

    /** Whether the next word is a password, or has one. */
    boolean isSecret(String word) {
        if (first) {
            command = word.startsWith("-") ? "any" : command;
            first = false;
        }
        boolean secret = isAwaited(word)
                || isJoined(word)
                || (ofUser && ACL_PASSWORD.matcher(word).matches());
        awaited = secret && awaited == Awaited.USER_AND_PASSWORD
                ? Awaited.LAST_OF_TWO
                : secret ? Awaited.NOTHING : after(word);
        return secret;
    }

    private boolean isAwaited(String word) {
        return switch (awaited) {
            case NOTHING -> false;
            case PASSWORD -> !OPTION.matcher(word).matches();
            case ANYTHING, USER_AND_PASSWORD -> true;
            case LAST_OF_TWO -> !word.equalsIgnoreCase("SETNAME");
            case CREDENTIALS -> word.contains(":");
            case PASSWORD_OR_PORT ->
                command.equals("sshpass") || !PORT.matcher(word).matches();
        };
    }

    private boolean isJoined(String word) {
        return switch (command) {
            case "sshpass", "mysql" -> word.startsWith("-p") && word.length() > 2;
            case "curl" -> JOINED_CREDENTIALS.matcher(word).matches();
            case "any" ->
                !SETTING.matcher(word).matches()
                        && (JOINED_TO_ANY.matcher(word).matches()
                                || (word.startsWith("-p")
                                        && !NOT_JOINED.matcher(word).matches()));
            default -> false;
        };
    }

    private Awaited after(String word) {
        Matcher named = COMMAND.matcher(word);
        if (named.matches()) {
            command = Objects.requireNonNullElse(named.group(1), "mysql");
            return Awaited.NOTHING;
        }
        ofUser |= USER.matcher(word).matches();
        if (TWO.matcher(word).matches() || (word.equalsIgnoreCase("auth") && command.endsWith("-cli"))) {
            return Awaited.USER_AND_PASSWORD;
        }
        if (CREDENTIALS.matcher(word).matches()) {
            return Awaited.CREDENTIALS;
        }
        return switch (word) {
            case "-a" ->
                command.endsWith("-cli")
                        ? Awaited.ANYTHING
                        : command.equals("any") ? Awaited.PASSWORD : Awaited.NOTHING;
            case "-p" ->
                command.equals("sshpass") || command.equals("any") ? Awaited.PASSWORD_OR_PORT : Awaited.NOTHING;
            default -> {
                Matcher option = OPTION.matcher(word);
                boolean secret =
                        DIRECTIVE.matcher(word).matches() || (option.matches() && SecretName.is(option.group(1)));
                yield secret ? Awaited.PASSWORD : Awaited.NOTHING;
            }
        };
    }
}
