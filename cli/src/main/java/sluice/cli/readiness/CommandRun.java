package sluice.cli.readiness;

import java.util.Locale;
import java.util.Optional;

/**
 * A program that was run for the package.
 *
 * @param exit how it ended
 * @param lastLine the last thing that it said
 */
record CommandRun(String command, int exit, String lastLine) {
    private static final int NOT_RUN = 3;

    /** The record {@code commands/<name>.json}, whose output is beside it as {@code .txt}. */
    static Optional<CommandRun> of(Evidence evidence, String name) {
        return evidence.json(file(name))
                .map(record -> of(
                        record.path("command").asText(),
                        record.path("exit").asInt(1),
                        evidence.text(output(name)).orElse("")));
    }

    /** A program that has said {@code output}. */
    static CommandRun of(String command, int exit, String output) {
        String last = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce("", (before, line) -> line);
        return new CommandRun(command, exit, last);
    }

    static String file(String name) {
        return "commands/" + name + ".json";
    }

    static String output(String name) {
        return "commands/" + name + ".txt";
    }

    Outcome outcome() {
        return exit == NOT_RUN && lastLine.startsWith("NOT_RUN") ? Outcome.NOT_RUN : Outcome.of(exit == 0);
    }

    String says() {
        return switch (outcome()) {
            case PASSED ->
                Text.brief(command) + " ended with 0" + (lastLine.isEmpty() ? "" : ": " + Text.brief(lastLine));
            case NOT_RUN -> Text.brief(lastLine);
            case FAILED ->
                String.format(Locale.ROOT, "%s ended with %d: %s", Text.brief(command), exit, Text.brief(lastLine));
        };
    }
}
