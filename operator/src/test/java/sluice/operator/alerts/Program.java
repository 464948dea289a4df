package sluice.operator.alerts;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that comes with a Debian package, run until it ends. */
record Program(String name) {

    private static final long LONGEST_SECONDS = 120;

    /** Skips the test, with the reason, where it is not installed. */
    static Program installed(String name) {
        var path = requireNonNull(System.getenv("PATH"), "PATH is not set");
        var found = Stream.of(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        assumeTrue(found, name + " is not in PATH; e2e/cluster/packages installs it");
        return new Program(name);
    }

    /**
     * What it said when it ended.
     *
     * @param good whether it found everything in order
     */
    record Result(boolean good, String said) {}

    Result run(Path folder, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(name));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue() == 0, said);
    }

    /** What it said; it must have found everything in order. */
    String succeed(Path folder, String... arguments) throws IOException, InterruptedException {
        var result = run(folder, arguments);
        assertThat(result.good()).as(result.said()).isTrue();
        return result.said();
    }
}
