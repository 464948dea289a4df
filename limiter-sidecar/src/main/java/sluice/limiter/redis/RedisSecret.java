package sluice.limiter.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach Redis, as the mounted Secret says it. Never shown: not by {@link #toString}, not in a message of an error.
 *
 * @param url {@code redis://[user][:password@]host:port[/db]} or {@code rediss://...}
 * @param tls {@code REDIS_TLS}, {@code true} or {@code false} in any case: encrypt whatever the scheme says
 */
record RedisSecret(
        String url,
        Optional<String> tls,
        Optional<String> authority,
        Optional<String> certificate,
        Optional<String> key) {

    private static final Duration HANDSHAKE = Duration.ofSeconds(2);
    private static final String URL = "REDIS_URL";
    private static final String TLS = "REDIS_TLS";
    private static final String AUTHORITY = "ca.crt";
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";

    /**
     * Reads the folder; empty without a {@code REDIS_URL}.
     *
     * @throws IOException when its files never stay as they are for as long as it takes to read them
     */
    static Optional<RedisSecret> read(Path folder) throws IOException {
        var files = SecretFolder.read(folder, List.of(URL, TLS, AUTHORITY, CERTIFICATE, KEY));
        return text(files, URL)
                .map(url -> new RedisSecret(
                        url, text(files, TLS), text(files, AUTHORITY), text(files, CERTIFICATE), text(files, KEY)));
    }

    private static Optional<String> text(Map<String, String> files, String file) {
        return Optional.ofNullable(files.get(file));
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
        var flag = encrypts();
        var uri = parsed();
        uri.setTimeout(HANDSHAKE);
        uri.setSsl(flag || uri.isSsl());
        return uri;
    }

    // Anything but these two may have meant to encrypt: a typing error must not send the password in plain text.
    private boolean encrypts() {
        return switch (tls.orElse("false").toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidSecretException("REDIS_TLS must be true or false");
        };
    }

    private RedisURI parsed() {
        try {
            return RedisURI.create(url);
        } catch (RuntimeException e) {
            // Without the cause, whose message quotes the URL and the password in it.
            throw new InvalidSecretException("REDIS_URL must be redis://[user][:password@]host:port[/db]");
        }
    }

    /** What is wrong with it, by the keys' names. */
    Optional<String> problem() {
        try {
            uri();
            sslOptions();
            return Optional.empty();
        } catch (InvalidSecretException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    SslOptions sslOptions() {
        var options = SslOptions.builder().jdkSslProvider().handshakeTimeout(HANDSHAKE);
        authority.ifPresent(pem -> options.trustManager(resource(pem)));
        if (certificate.isPresent() != key.isPresent()) {
            throw new InvalidSecretException("tls.crt and tls.key must be given together");
        }
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
