package sluice.limiter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The version that was built, from a file that the build fills in. */
final class Version {

    private Version() {}

    static String read() {
        try (var in =
                Objects.requireNonNull(Version.class.getResourceAsStream("version.txt"), "version.txt is missing")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
