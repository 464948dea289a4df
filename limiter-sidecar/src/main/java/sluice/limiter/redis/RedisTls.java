package sluice.limiter.redis;

import io.lettuce.core.SslOptions;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The certificates of a Secret: whom to trust, and what to show. Never shown itself. */
record RedisTls(Optional<String> authority, Optional<String> certificate, Optional<String> key) {

    private static final Duration HANDSHAKE = Duration.ofSeconds(2);

    /**
     * The Secret's, looked at.
     *
     * @throws InvalidSecretException naming the key that is wrong
     */
    static RedisTls of(RedisSecret secret) {
        var tls = new RedisTls(
                secret.text(RedisSecret.AUTHORITY),
                secret.text(RedisSecret.CERTIFICATE),
                secret.text(RedisSecret.KEY));
        tls.check();
        return tls;
    }

    private void check() {
        if (certificate.isPresent() != key.isPresent()) {
            throw new InvalidSecretException("tls.crt and tls.key must be given together");
        }
        var builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        try {
            authority.ifPresent(pem -> builder.trustManager(stream(pem)));
        } catch (RuntimeException e) {
            throw new InvalidSecretException("ca.crt must hold certificates in PEM form");
        }
        try {
            certificate.ifPresent(pem -> SslContextBuilder.forClient().trustManager(stream(pem)));
        } catch (RuntimeException e) {
            throw new InvalidSecretException("tls.crt must hold a certificate, and those that lead to its authority,"
                    + " in PEM form");
        }
        try {
            certificate.ifPresent(pem -> builder.keyManager(stream(pem), stream(key.orElse(""))));
        } catch (RuntimeException e) {
            throw new InvalidSecretException("tls.key must hold the private key in PEM form, PKCS #8 and not encrypted:"
                    + " openssl pkcs8 -topk8 -nocrypt");
        }
    }

    SslOptions options() {
        var options = SslOptions.builder().jdkSslProvider().handshakeTimeout(HANDSHAKE);
        authority.ifPresent(pem -> options.trustManager(() -> stream(pem)));
        certificate.ifPresent(
                pem -> options.keyManager(() -> stream(pem), () -> stream(key.orElse("")), new char[0]));
        return options.build();
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "RedisTls[redacted]";
    }
}
