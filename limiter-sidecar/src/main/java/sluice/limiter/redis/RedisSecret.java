package sluice.limiter.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach Redis, as the mounted Secret says it. Never shown: not by {@link #toString}, not in a message of an error.
 *
 * @param url {@code redis://[user][:password@]host:port[/db]} or {@code rediss://...}
 * @param tls {@code REDIS_TLS}: encrypt whatever the scheme says
 */
record RedisSecret(
        String url, boolean tls, Optional<String> authority, Optional<String> certificate, Optional<String> key) {

    private static final Duration HANDSHAKE = Duration.ofSeconds(2);

    /** Reads the folder; empty without a {@code REDIS_URL}. */
    static Optional<RedisSecret> read(Path folder) {
        return text(folder, "REDIS_URL")
                .map(url -> new RedisSecret(
                        url,
                        text(folder, "REDIS_TLS").map(Boolean::parseBoolean).orElse(false),
                        text(folder, "ca.crt"),
                        text(folder, "tls.crt"),
                        text(folder, "tls.key")));
    }

    private static Optional<String> text(Path folder, String file) {
        try {
            return Optional.of(Files.readString(folder.resolve(file)).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The address and credentials.
     *
     * @throws InvalidSecretException naming the key of the Secret that is wrong, without its value
     */
    RedisURI uri() {
        if (!url.startsWith("redis://") && !url.startsWith("rediss://")) {
            throw new InvalidSecretException("REDIS_URL must start with redis:// or rediss://");
        }
        var uri = parsed();
        uri.setTimeout(HANDSHAKE);
        uri.setSsl(uri.isSsl() || tls);
        return uri;
    }

    private RedisURI parsed() {
        try {
            return RedisURI.create(url);
        } catch (RuntimeException e) {
            // Without the cause, whose message quotes the URL and the password in it.
            throw new InvalidSecretException("REDIS_URL must be redis://[user][:password@]host:port[/db]");
        }
    }

    SslOptions sslOptions() {
        var options = SslOptions.builder().jdkSslProvider().handshakeTimeout(HANDSHAKE);
        authority.ifPresent(pem -> options.trustManager(resource(pem)));
        if (certificate.isPresent() && key.isPresent()) {
            options.keyManager(resource(certificate.get()), resource(key.get()), new char[0]);
        }
        return options.build();
    }

    private static SslOptions.Resource resource(String pem) {
        return () -> new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "RedisSecret[redacted]";
    }
}
