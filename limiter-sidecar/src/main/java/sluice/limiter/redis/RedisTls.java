package sluice.limiter.redis;

import io.lettuce.core.SslOptions;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;

/** Reads the certificates of a Secret: whom to trust, and what to show. */
final class RedisTls {

    private static final Duration HANDSHAKE = Duration.ofSeconds(2);

    private RedisTls() {}

    /**
     * What they come to.
     *
     * @throws InvalidSecretException naming the key that is wrong
     */
    static SslOptions options(RedisSecret secret) {
        var authority = secret.text(RedisSecret.AUTHORITY);
        var certificate = secret.text(RedisSecret.CERTIFICATE);
        var key = secret.text(RedisSecret.KEY);
        if (certificate.isPresent() != key.isPresent()) {
            throw new InvalidSecretException("tls.crt and tls.key must be given together");
        }
        var options = SslOptions.builder().jdkSslProvider().handshakeTimeout(HANDSHAKE);
        if (authority.isPresent()) {
            trust(options, authority.get());
        }
        if (certificate.isPresent() && key.isPresent()) {
            show(options, certificate.get(), key.get());
        }
        return options.build();
    }

    private static void trust(SslOptions.Builder options, String authority) {
        try {
            options.trustManager(DatedTrust.of(stream(authority)));
        } catch (GeneralSecurityException | IOException e) {
            throw new InvalidSecretException("ca.crt must hold certificates in PEM form");
        }
    }

    private static void show(SslOptions.Builder options, String certificate, String key) {
        try {
            var _ = SslContextBuilder.forClient().trustManager(stream(certificate));
        } catch (RuntimeException e) {
            throw new InvalidSecretException(
                    "tls.crt must hold a certificate, and those that lead to its authority, in PEM form");
        }
        try {
            var _ = SslContextBuilder.forClient().keyManager(stream(certificate), stream(key));
        } catch (RuntimeException e) {
            throw new InvalidSecretException("tls.key must hold the private key in PEM form, PKCS #8 and not encrypted:"
                    + " openssl pkcs8 -topk8 -nocrypt");
        }
        options.keyManager(() -> stream(certificate), () -> stream(key), new char[0]);
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
