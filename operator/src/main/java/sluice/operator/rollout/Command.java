package sluice.operator.rollout;

import java.util.Optional;

/** What somebody has asked for by annotation, {@code <verb>@<revision>/<nonce>}. Each text is obeyed once. */
public sealed interface Command {
    /** Longer ones are cut: a command is kept in status. */
    int LONGEST = 200;

    /** The whole text, which tells one command from the next. */
    String text();

    /**
     * A command that can be understood.
     *
     * @param revision the candidate that it is about
     */
    record Given(String text, Verb verb, String revision) implements Command {}

    /** A text that is no command. */
    record Malformed(String text, String why) implements Command {}

    /** Reads the annotation's value; never fails, because somebody's typing error must not stop a rollout. */
    static Command parse(String written) {
        String text = written.length() > LONGEST ? written.substring(0, LONGEST) : written;
        int at = text.indexOf('@');
        int slash = text.indexOf('/', Math.max(0, at));
        if (at < 0 || slash <= at + 1 || slash == text.length() - 1) {
            return new Malformed(
                    text,
                    "use <verb>@<revision>/<anything new>, such as promote@3f9a0c12de/1, with status.candidate.revision");
        }
        Optional<Verb> verb = Verb.of(text.substring(0, at));
        return verb.<Command>map(known -> new Given(text, known, text.substring(at + 1, slash)))
                .orElseGet(() -> new Malformed(
                        text,
                        "the verbs are promote, promote-full, pause, resume, abort, retry, skip-hold and skip-hook"));
    }
}
