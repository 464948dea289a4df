package sluice.cli.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The package that is kept in the repository. */
class CommittedPackageTest {
    private static final Path FOLDER = Path.of("..", "READINESS_PACKAGE");

    @Test
    void isWhatThisVersionWritesFromItsEvidence() {
        assumeTrue(Files.exists(FOLDER), "no READINESS_PACKAGE is kept here: ./demo --report writes one");

        assertThat(Differences.of(Evidence.of(FOLDER)))
                .as("write it again: kubectl-rlr readiness --evidence READINESS_PACKAGE --out READINESS_PACKAGE")
                .isEmpty();
    }
}
