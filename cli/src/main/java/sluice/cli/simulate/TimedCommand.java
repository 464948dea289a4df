package sluice.cli.simulate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sluice.operator.rollout.Verb;

/**
 * Somebody's command at a time.
 *
 * @param millis after the start
 */
record TimedCommand(long millis, Verb verb) {
    /**
     * Reads {@code seconds,verb} a line, in the order of time.
     *
     * @throws sluice.cli.InvalidInputException naming the line
     */
    static List<TimedCommand> read(Path file) {
        List<TimedCommand> commands = new ArrayList<>();
        CsvFile.read(file, row -> commands.add(of(row)), "seconds", "verb");
        commands.sort(Comparator.comparingLong(TimedCommand::millis));
        return List.copyOf(commands);
    }

    private static TimedCommand of(CsvRow row) {
        Verb verb = Verb.of(row.text(1))
                .orElseThrow(() -> row.fault("no such verb: " + row.text(1)
                        + "; use promote, promote-full, pause, resume, abort, retry or skip-hold"));
        return new TimedCommand(row.millis(), verb);
    }
}
