package sluice.operator.networks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The file that the demonstration's operator gets, and the test of the dashboards' queries: checked by default, written with {@code -Dasn.write=true}. */
class AsnOfTheDemonstrationTest {

    private static final Path FILE = Path.of("..", "e2e", "around", "asn.mmdb");

    @Test
    void knowsTheNodeAndNotThePods() throws IOException {
        var content = new MmdbFile("Demonstration-ASN")
                .asn("10.90.0.0/16", 64500, "Demonstration node")
                .asn("127.0.1.0/24", 64501, "Recorded audit log");
        if (Boolean.getBoolean("asn.write")) {
            Files.write(FILE, content.bytes());
        }
        assertThat(FILE).hasBinaryContent(content.bytes());
        assertThat(new AsnFile(FILE).owners(List.of("10.90.0.0/24", "10.91.0.0/24")))
                .isEqualTo(Map.of(
                        "10.90.0.0/24",
                        new AutonomousSystem("AS64500", "Demonstration node"),
                        "10.91.0.0/24",
                        AutonomousSystem.UNKNOWN));
    }
}
