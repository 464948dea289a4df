package sluice.limiter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimiterCommandTest {

    private static final String VALID = """
            upstream: localhost:3000
            limiter:
              backend: Memory
              limits: [{name: api, tokens: 10, per: 1s}]
            """;

    @TempDir
    private Path folder;

    private Path file;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void prepare() {
        file = folder.resolve("sidecar.yaml");
    }

    private int run(String... arguments) {
        return LimiterCommand.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }

    @Test
    void saysThatAFileIsValid() throws IOException {
        Files.writeString(file, VALID);

        assertThat(run("--validate", file.toString())).isZero();
        assertThat(out).hasToString(file + " is valid\n");
        assertThat(err).hasToString("");
    }

    @Test
    void namesEverythingThatIsWrongALineEach() throws IOException {
        Files.writeString(file, VALID.replace("tokens: 10", "tokens: -1").replace("Memory", "Memroy"));

        assertThat(run("--validate", file.toString())).isEqualTo(1);
        assertThat(out).hasToString("");
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":3:3: limiter.backend: must be Off, Memory or Redis",
                        file + ":4:24: limiter.limits[0].tokens: must be at least 0, is -1");
    }

    @Test
    void servesNothingThatIsWrong() throws IOException {
        Files.writeString(file, "limiter: {}");

        assertThat(run("--config", file.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(file + ": upstream: is missing", file + ":1:1: limiter.backend: is missing");
    }

    @Test
    void saysThatAFileIsNotThereOrNotATextOrTooLong() throws IOException {
        assertThat(run("--validate", file.toString())).isEqualTo(1);
        Files.write(file, "name: café".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(run("--validate", file.toString())).isEqualTo(1);

        Files.writeString(file, VALID + "# and so on\n".repeat(100_000));
        assertThat(run("--validate", file.toString())).isEqualTo(1);
        assertThat(run("--validate", folder.toString())).isEqualTo(1);
        assertThat(run("--validate", file.resolve("below").toString())).isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly(
                        file + ": is not there",
                        file + ": (document): is not UTF-8; save it as that",
                        file + ": (document): is longer than 1 MiB; no configuration needs so much",
                        folder + ": cannot be read: Is a directory",
                        file.resolve("below") + ": cannot be read: Not a directory");
    }

    @Test
    void saysHowItIsUsed() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--config", "--validate", "--version", "Exit codes");
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString().strip())
                .isEqualTo("limiter-sidecar " + Version.read())
                .matches("limiter-sidecar [0-9.]+\\S*");
    }

    @Test
    void refusesArgumentsThatItDoesNotKnowOrThatExcludeEachOther() {
        assertThat(run("--confg", "x")).isEqualTo(2);
        assertThat(run("--config")).isEqualTo(2);
        assertThat(run("--config", "x", "--validate", "x")).isEqualTo(2);
        assertThat(run("x")).isEqualTo(2);
        assertThat(err.toString()).contains("Usage:");
    }
}
