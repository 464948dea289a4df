package sluice.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** The version that was built, from a file that the build fills in. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        try (InputStream in =
                requireNonNull(Version.class.getResourceAsStream("version.txt"), "version.txt is missing")) {
            return new String[] {"kubectl-rlr " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()};
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
