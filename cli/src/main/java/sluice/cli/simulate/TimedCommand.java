package sluice.cli.simulate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sluice.operator.rollout.Verb;

/**
 * Somebody's command at a time.
 *
 * @param seconds after the start
 */
record TimedCommand(double seconds, Verb verb) {
    private static final String HEADER = "seconds,verb";

    /**
     * Reads {@code seconds,verb} a line, in the order of time.
     *
     * @throws sluice.cli.InvalidInputException naming the line
     */
    static List<TimedCommand> read(Path file) {
        return of(file.toString(), Lines.of(file));
    }

    static List<TimedCommand> of(String name, List<String> lines) {
        List<TimedCommand> commands = new ArrayList<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            if (!line.isBlank() && !(number == 1 && line.strip().equals(HEADER))) {
                commands.add(command(line, new Lines.Place(name, number)));
            }
        }
        commands.sort(Comparator.comparingDouble(TimedCommand::seconds));
        return List.copyOf(commands);
    }

    private static TimedCommand command(String line, Lines.Place place) {
        String[] columns = Lines.columns(line, 2, HEADER, place);
        Verb verb = Verb.of(columns[1])
                .orElseThrow(() -> place.fault("no such verb: " + columns[1]
                        + "; use promote, promote-full, pause, resume, abort, retry or skip-hold"));
        return new TimedCommand(Lines.seconds(columns[0], place), verb);
    }
}
