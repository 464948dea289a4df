package sluice.limiter.control;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the sidecar finds what it needs.
 *
 * @param config the bootstrap file {@code limiter.json}; {@code ca.crt} of the operator lies beside it
 * @param controlUrl the operator's stream; absent: the bootstrap file alone
 * @param tokenFile the bearer token for the operator, read again for every request
 * @param secrets one folder per Secret
 */
public record RuntimeSettings(Path config, Optional<URI> controlUrl, Optional<Path> tokenFile, Path secrets) {}
