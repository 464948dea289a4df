package sluice.limiter.control;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import sluice.limiter.config.ConfigReader;
import sluice.limiter.config.FileContent;

/**
 * Where the sidecar finds what it needs.
 *
 * @param config the file with the configuration; {@code ca.crt} of the operator lies beside it
 * @param validated what the file said when it was found to be valid: in force at first, whatever the file says by then; absent: it is
 *     read
 * @param reader reads that file
 * @param controlUrl the operator's stream; absent: the bootstrap file alone
 * @param tokenFile the bearer token for the operator, read again for every request
 * @param secrets one folder per Secret
 */
public record RuntimeSettings(
        Path config,
        Optional<FileContent> validated,
        ConfigReader reader,
        Optional<URI> controlUrl,
        Optional<Path> tokenFile,
        Path secrets) {

    /** Of a file that nobody has read yet. */
    public RuntimeSettings(
            Path config, ConfigReader reader, Optional<URI> controlUrl, Optional<Path> tokenFile, Path secrets) {
        this(config, Optional.empty(), reader, controlUrl, tokenFile, secrets);
    }
}
