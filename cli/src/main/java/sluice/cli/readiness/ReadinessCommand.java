package sluice.cli.readiness;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sluice.cli.ExitCode;
import sluice.cli.InvalidInputException;
import sluice.cli.report.OwnFolder;
import sluice.cli.report.Redaction;

/** {@code kubectl rlr readiness}: a package of what a run has left, or whether a package is one. */
@Command(
        name = "readiness",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a page, with everything it says beside it, from the files that a run has left.",
            "Or checks that a folder is what this version writes."
        })
public final class ReadinessCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    Task task = new Task();

    /** What to do. */
    static final class Task {
        @Option(
                names = "--evidence",
                paramLabel = "DIR",
                description = "the files of the run; a package that is there already is written again from its own")
        @Nullable
        Path evidence;

        @Option(
                names = "--check",
                paramLabel = "DIR",
                description = "end with 1 when a file of that package is missing, was changed or is another version's")
        @Nullable
        Path check;
    }

    @Option(names = "--out", paramLabel = "DIR", description = "where it goes; a package that is there is replaced")
    @Nullable
    Path out;

    @Option(names = "--tests", paramLabel = "DIR", description = "the reports of tests that ./verify keeps")
    @Nullable
    Path tests;

    @Option(
            names = "--complete",
            description = "end with 1 unless everything is shown; the folder is written all the same")
    boolean complete;

    @Option(
            names = "--none-failed",
            description = "end with 1 when something failed; the folder is written all the same")
    boolean noneFailed;

    @Option(
            names = "--dry-run",
            description = "say what would come of it, and whether --out may be written; write nothing")
    boolean dryRun;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        Path folder = task.check;
        return folder == null ? write() : check(folder);
    }

    private int check(Path folder) {
        List<String> differences = Differences.of(Evidence.of(folder));
        differences.forEach(this::say);
        say(
                differences.isEmpty()
                        ? "%s is what this version writes".formatted(folder)
                        : "%s: %d files are not what this version writes; have it written again: --evidence %s --out %s"
                                .formatted(folder, differences.size(), folder, folder));
        return differences.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private int write() {
        if (out == null) {
            throw new InvalidInputException("--out: is missing; name the folder that is to be written");
        }
        OwnFolder place = new OwnFolder(out);
        ReadinessPackage made =
                new ReadinessPackage(evidence(requireNonNull(task.evidence, "picocli wants one of two")));
        SortedMap<String, byte[]> files = made.files();
        say(made.headline());
        made.failed().forEach(item -> say("  FAILED " + item.title() + ": " + item.figure()));
        if (dryRun) {
            say("nothing was written");
        } else {
            place.write(files);
            say("%d files in %s; begin with %s".formatted(files.size(), out, ReadinessPage.FILE));
        }
        return isEnough(made) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private boolean isEnough(ReadinessPackage made) {
        return (!complete || made.outcome() == Outcome.PASSED)
                && (!noneFailed || made.failed().isEmpty());
    }

    private Evidence evidence(Path folder) {
        Evidence left = Evidence.of(folder);
        if (tests == null || !Files.isReadable(tests.resolve(SurefireFolder.RUN))) {
            return left;
        }
        SortedMap<String, byte[]> files = new TreeMap<>(left.files());
        files.put(TestReports.FILE, SurefireFolder.summary(tests));
        return new Evidence(files);
    }

    private void say(String line) {
        spec.commandLine().getOut().println(Redaction.visible(line));
    }
}
