package sluice.cli.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The package that is kept in the repository, when one is: {@code ./demo --report} writes it. */
class CommittedPackageTest {
    private static final Path FOLDER = Path.of("..", "READINESS_PACKAGE");

    @Test
    void isWhatThisVersionWritesFromItsEvidence() {
        assertThat(Files.exists(FOLDER) ? Differences.of(Evidence.of(FOLDER)) : List.of())
                .as("write it again: kubectl-rlr readiness --evidence READINESS_PACKAGE --out READINESS_PACKAGE")
                .isEmpty();
    }
}
