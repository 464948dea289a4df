package sluice.operator.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsnFileTest {

    private static final List<String> NETWORKS = List.of("203.0.113.0/24", "10.0.0.0/24", "2001:db8:17::/48");

    @TempDir
    private Path folder;

    private Path write(MmdbFile content) throws IOException {
        return Files.write(folder.resolve("asn.mmdb"), content.bytes());
    }

    private static MmdbFile known() {
        return new MmdbFile("GeoLite2-ASN")
                .asn("203.0.113.0/24", 64500, "Example Networks")
                .asn("198.51.0.0/16", 64501, "Another")
                .asn("2001:db8::/32", 4_200_000_000L, "Six");
    }

    @Test
    void knowsWhoseNetworksAreAndSaysOfWhichItDoesNot() throws IOException {
        var file = new AsnFile(write(known()));

        assertThat(file.owners(NETWORKS))
                .isEqualTo(Map.of(
                        "203.0.113.0/24", new AutonomousSystem("AS64500", "Example Networks"),
                        "10.0.0.0/24", AutonomousSystem.UNKNOWN,
                        "2001:db8:17::/48", new AutonomousSystem("AS4200000000", "Six")));
        assertThat(file.owners(List.of("198.51.100.0/24", "198.51.100.0/24")))
                .isEqualTo(Map.of("198.51.100.0/24", new AutonomousSystem("AS64501", "Another")));
    }

    @Test
    void makesLabelsThatAreShortAndPrintable() throws IOException {
        var file = new AsnFile(write(new MmdbFile("My-ASN")
                .asn("192.0.2.0/25", 64502, " A\n\u202e\"b\"\u0000 " + "x".repeat(200))
                .asn("198.51.100.0/24", 0, "reserved")
                .entry("203.0.113.0/24", Map.of("autonomous_system_number", "AS64500"))));

        assertThat(file.owners(List.of("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
                .isEqualTo(Map.of(
                        "192.0.2.0/24", new AutonomousSystem("AS64502", "A\"b\" " + "x".repeat(54)),
                        "198.51.100.0/24", AutonomousSystem.UNKNOWN,
                        "203.0.113.0/24", AutonomousSystem.UNKNOWN));
    }

    @Test
    void readsAFileAgainWhenItHasChanged() throws IOException {
        var path = write(known());
        var file = new AsnFile(path);
        file.owners(NETWORKS);

        write(new MmdbFile("GeoLite2-ASN").asn("203.0.113.0/24", 64511, "New owner"));
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(9)));

        assertThat(file.owners(List.of("203.0.113.0/24"))).containsValue(new AutonomousSystem("AS64511", "New owner"));
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        var missing = new AsnFile(folder.resolve("nowhere.mmdb"));
        assertThatThrownBy(() -> missing.owners(NETWORKS)).hasMessageContaining("nowhere.mmdb is not there");

        var text = new AsnFile(Files.writeString(folder.resolve("text.mmdb"), "no such file"));
        assertThatThrownBy(() -> text.owners(NETWORKS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("text.mmdb: Could not find a MaxMind DB metadata marker");

        var country = new AsnFile(write(new MmdbFile("GeoLite2-Country")));
        assertThatThrownBy(() -> country.owners(NETWORKS))
                .hasMessageContaining("is a GeoLite2-Country and no file of autonomous systems");
    }

    @Test
    void aDamagedFileIsNoMoreThanAnException() throws IOException {
        var random = new Random(17);
        var whole = known().bytes();
        var refused = 0;
        for (var i = 0; i < 300; i++) {
            var bytes = whole.clone();
            for (var j = 0; j <= i % 4; j++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            var file = new AsnFile(Files.write(folder.resolve("damaged.mmdb"), bytes));
            try {
                assertThat(file.owners(NETWORKS)).containsOnlyKeys(NETWORKS);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("damaged.mmdb");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
