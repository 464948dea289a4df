package sluice.limiter.redis;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Reads the certificates of a Secret: whom to trust, and what to show. */
final class RedisTls {

    private static final String BY_HOST = "HTTPS";
    private static final int SESSION_SECONDS = 1;

    private RedisTls() {}

    /**
     * What they come to; empty when nothing is to be encrypted, though they are looked at then, too.
     *
     * @throws InvalidSecretException naming the key that is wrong
     */
    static Optional<SslContext> context(RedisSecret secret, boolean encrypts, boolean verifiesHost) {
        var authority = secret.text(RedisSecret.AUTHORITY);
        var certificate = secret.text(RedisSecret.CERTIFICATE);
        var key = secret.text(RedisSecret.KEY);
        if (certificate.isPresent() != key.isPresent()) {
            throw new InvalidSecretException("tls.crt and tls.key must be given together");
        }
        var context = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                // So each connection but one within that time verifies anew: a session that goes on would outlive its
                // certificate.
                .sessionTimeout(SESSION_SECONDS)
                .endpointIdentificationAlgorithm(verifiesHost ? BY_HOST : null);
        if (authority.isPresent()) {
            trust(context, authority.get());
        }
        if (certificate.isPresent() && key.isPresent()) {
            show(context, certificate.get(), key.get());
        }
        return encrypts ? Optional.of(built(context)) : Optional.empty();
    }

    private static void trust(SslContextBuilder context, String authority) {
        try {
            var _ = context.trustManager(DatedTrust.of(stream(authority)));
        } catch (GeneralSecurityException | IOException e) {
            throw new InvalidSecretException("ca.crt must hold certificates in PEM form");
        }
    }

    private static void show(SslContextBuilder context, String certificate, String key) {
        try {
            var _ = SslContextBuilder.forClient().trustManager(stream(certificate));
        } catch (RuntimeException e) {
            throw new InvalidSecretException(
                    "tls.crt must hold a certificate, and those that lead to its authority, in PEM form");
        }
        try {
            var _ = context.keyManager(stream(certificate), stream(key));
        } catch (RuntimeException e) {
            throw new InvalidSecretException("tls.key must hold the private key in PEM form, PKCS #8 and not encrypted:"
                    + " openssl pkcs8 -topk8 -nocrypt");
        }
    }

    private static SslContext built(SslContextBuilder context) {
        try {
            return context.build();
        } catch (SSLException e) {
            throw new InvalidSecretException("ca.crt, tls.crt and tls.key cannot be used");
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
