package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class VersionTest {
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>sluice</artifactId>\\s*<version>([^<]+)</version>");

    @Test
    void isTheOneThatIsBuilt() throws IOException {
        var pom = VERSION.matcher(Files.readString(Path.of("../pom.xml")));

        assertThat(pom.find()).isTrue();
        assertThat(Run.of("--version")).isEqualTo(new Run(0, "kubectl-rlr " + pom.group(1), ""));
    }
}
