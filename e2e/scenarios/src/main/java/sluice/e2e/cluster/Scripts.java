package sluice.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs the scripts of {@code e2e} and the programs of the cluster. */
public final class Scripts {
    /** Longer than the longest that any of them waits for. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final Path root;

    /**
     * For the repository at this folder.
     *
     * @param root the repository's top folder
     */
    public Scripts(Path root) {
        this.root = root;
    }

    /** The repository that this process runs in: the first folder upwards that has the scripts. */
    public static Scripts ofThisRepository() {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("e2e/cluster/env"))) {
                return new Scripts(folder);
            }
        }
        throw new IllegalStateException(
                "run this inside the repository: e2e/cluster/env was not found upwards from here");
    }

    public Path root() {
        return root;
    }

    /** What a program said. */
    public record Output(int code, String out, String err) {}

    /** Runs {@code e2e/<script>}; fails with what it said when it fails. */
    public String run(String script, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(root.resolve("e2e").resolve(script).toString()));
        command.addAll(List.of(arguments));
        return succeed(command, "");
    }

    /** Runs kubectl; fails with what it said when it fails. */
    public String kubectl(String input, String... arguments) {
        return succeed(withKubectl(arguments), input);
    }

    /** Runs kubectl, which may fail. */
    public Output tryKubectl(String input, String... arguments) {
        return execute(withKubectl(arguments), input);
    }

    private static List<String> withKubectl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        return command;
    }

    private String succeed(List<String> command, String input) {
        var output = execute(command, input);
        if (output.code() != 0) {
            throw new IllegalStateException("%s ended with %d: %s%s"
                    .formatted(String.join(" ", command), output.code(), output.out(), output.err()));
        }
        return output.out();
    }

    private Output execute(List<String> command, String input) {
        try {
            // To files: a script may leave a process behind that keeps a pipe open.
            var out = Files.createTempFile("sluice-out", ".txt");
            var err = Files.createTempFile("sluice-err", ".txt");
            var in = Files.writeString(Files.createTempFile("sluice-in", ".txt"), input);
            try {
                var process = new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                if (!process.waitFor(LONGEST)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("%s has not ended for %s: %s%s"
                            .formatted(
                                    String.join(" ", command),
                                    LONGEST,
                                    Files.readString(out, UTF_8),
                                    Files.readString(err, UTF_8)));
                }
                return new Output(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
            } finally {
                for (Path file : List.of(out, err, in)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command.getFirst(), e);
        }
    }
}
