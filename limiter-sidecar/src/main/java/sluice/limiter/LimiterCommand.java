package sluice.limiter;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.limiter.config.Fault;
import sluice.limiter.config.FileContent;
import sluice.limiter.config.InvalidConfigException;
import sluice.limiter.file.SidecarFile;
import sluice.limiter.file.SidecarFileParser;

/** The sidecar's command line. */
@Command(
        name = "limiter-sidecar",
        mixinStandardHelpOptions = true,
        description = "Limits the requests to an app, as a reverse proxy in front of it.",
        footer = {
            "",
            "Exit codes: 0 well ended, or the file is valid; 1 it is not, or cannot be served; 2 wrong arguments."
        },
        versionProvider = LimiterCommand.VersionProvider.class)
final class LimiterCommand implements Callable<Integer> {

    private static final int DONE = 0;
    private static final int INVALID = 1;

    /** Not an exit code: the sidecar serves from now on. */
    private static final int SERVING = -1;

    /** What to do; exactly one. */
    private static final class Task {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Serve as FILE says, YAML or JSON. A changed file is taken up within a second or so.")
        private @Nullable Path config;

        @Option(
                names = "--validate",
                paramLabel = "FILE",
                description = "Only look at FILE, and name everything that is wrong with it.")
        private @Nullable Path validate;
    }

    @ArgGroup(multiplicity = "1")
    private Task task = new Task();

    private final PrintWriter out;
    private final PrintWriter err;

    private LimiterCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** Does what {@code arguments} say; empty when the sidecar serves from now on, else the exit code. */
    static OptionalInt run(String... arguments) {
        var code = run(writer(System.out), writer(System.err), arguments);
        return code == SERVING ? OptionalInt.empty() : OptionalInt.of(code);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new LimiterCommand(out, err))
                .setOut(out)
                .setErr(err)
                .execute(arguments);
    }

    @Override
    public Integer call() {
        return task.config != null ? serve(task.config) : validate(requireNonNull(task.validate));
    }

    private int serve(Path path) {
        var valid = read(path);
        try {
            valid.ifPresent(it -> LimiterMain.serve(SidecarSettings.of(it.file().fixed(), path, it.content())));
        } catch (Exception e) {
            // Netty throws the BindException of a port that is taken, which is checked, without declaring it.
            err.println("Cannot serve: " + e.getMessage());
            return INVALID;
        }
        return valid.isPresent() ? SERVING : INVALID;
    }

    private int validate(Path path) {
        var valid = read(path);
        valid.ifPresent(_ -> out.println(path + " is valid"));
        return valid.isPresent() ? DONE : INVALID;
    }

    /** What was read and found to be valid; what is served is this, and not what a second read would find. */
    private record Valid(FileContent content, SidecarFile file) {}

    /** The file, or empty after everything that is wrong with it has been printed. */
    private Optional<Valid> read(Path path) {
        try {
            var content = FileContent.read(path);
            return Optional.of(new Valid(content, SidecarFileParser.parse(content.text())));
        } catch (InvalidConfigException e) {
            print(path, e.faults());
        } catch (IOException e) {
            err.println(path + ": " + FileContent.problem(e));
        }
        return Optional.empty();
    }

    private void print(Path path, List<Fault> faults) {
        faults.forEach(fault -> err.println(path + ":" + (fault.mark().isPresent() ? "" : " ") + fault));
    }

    static final class VersionProvider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"limiter-sidecar " + Version.read()};
        }
    }
}
