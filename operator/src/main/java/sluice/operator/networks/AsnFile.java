package sluice.operator.networks;

import com.maxmind.db.Reader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An mmdb file with autonomous systems, as MaxMind's GeoLite2-ASN or DB-IP's; read again when it has changed. Not for use by many threads.
 *
 * @see <a href="https://maxmind.github.io/MaxMind-DB/">MaxMind DB file format</a>
 */
final class AsnFile {

    private static final Logger LOG = LoggerFactory.getLogger(AsnFile.class);
    /** Several times what such files have. All of it is read into memory, where nobody changes it meanwhile. */
    private static final long LARGEST = 48L << 20;

    private final Path file;
    private Optional<Content> content = Optional.empty();

    private record Version(FileTime modified, long size) {}

    private record Content(Version version, Reader reader) {}

    AsnFile(Path file) {
        this.file = file;
    }

    /**
     * Whose each network is, {@link AutonomousSystem#UNKNOWN} where the file does not know it.
     *
     * @throws IOException saying what is wrong with the file
     */
    Map<String, AutonomousSystem> owners(List<String> networks) throws IOException {
        try {
            var reader = current();
            var owners = new HashMap<String, AutonomousSystem>();
            for (var network : networks) {
                owners.put(network, owner(reader, network));
            }
            return Map.copyOf(owners);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is not there", e);
        } catch (IOException | RuntimeException e) {
            // The library throws either for what is no such file.
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private Reader current() throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        var version = new Version(attributes.lastModifiedTime(), attributes.size());
        var known = content.filter(read -> read.version().equals(version));
        if (known.isPresent()) {
            return known.get().reader();
        }
        content = Optional.empty();
        var reader = open(version.size());
        content = Optional.of(new Content(version, reader));
        LOG.atInfo()
                .addKeyValue("file", file)
                .addKeyValue("type", reader.getMetadata().databaseType())
                .addKeyValue("built", reader.getMetadata().buildTime())
                .log("file of autonomous systems read");
        return reader;
    }

    private Reader open(long size) throws IOException {
        if (size > LARGEST) {
            throw new IOException("has %d bytes, more than %d".formatted(size, LARGEST));
        }
        var reader = new Reader(file.toFile(), Reader.FileMode.MEMORY);
        var type = reader.getMetadata().databaseType();
        if (!type.toUpperCase(Locale.ROOT).contains("ASN")) {
            throw new IOException("is a " + type + " and no file of autonomous systems, whose type has ASN in it");
        }
        return reader;
    }

    /** By its first address: what is routed by itself is no smaller than a /24 or a /48. */
    private static AutonomousSystem owner(Reader reader, String network) throws IOException {
        var address = InetAddress.ofLiteral(network.substring(0, network.indexOf('/')));
        if (address.getAddress().length > 4 && reader.getMetadata().ipVersion() == 4) {
            return AutonomousSystem.UNKNOWN;
        }
        Map<?, ?> entry = reader.get(address, Map.class);
        if (entry == null || !(entry.get("autonomous_system_number") instanceof Number number)) {
            return AutonomousSystem.UNKNOWN;
        }
        var name = entry.get("autonomous_system_organization");
        return AutonomousSystem.of(number.longValue(), name instanceof String organization ? organization : "");
    }
}
