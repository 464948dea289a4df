package sluice.cli.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the package's scan for secrets would find: a commit that holds one stays in the history. */
class LeaksIT {

    @TempDir
    private Path folder;

    @Test
    void noCommitHoldsASecret() throws Exception {
        var process = new ProcessBuilder("../e2e/readiness/leaks")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        var said = Files.readString(folder.resolve("said"));
        var outcome =
                CommandRun.of("e2e/readiness/leaks", process.exitValue(), said).outcome();
        assumeFalse(outcome == Outcome.NOT_RUN, said);
        assertThat(outcome).as(said).isEqualTo(Outcome.PASSED);
    }
}
