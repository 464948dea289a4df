package sluice.operator.certificates;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Serves the newest certificate in every new handshake. The one before it is remembered too: a handshake asks for the alias, the key
 * and the chain one after the other, and must get a pair although a rotation comes in between.
 */
final class ServingKeyManager extends X509ExtendedKeyManager {

    private static final String KEY_TYPE = "EC";

    private volatile List<IssuedCertificate> newestFirst = List.of();

    void serve(IssuedCertificate certificate) {
        var known = newestFirst;
        if (known.isEmpty()) {
            newestFirst = List.of(certificate);
        } else if (!known.getFirst().serial().equals(certificate.serial())) {
            newestFirst = List.of(certificate, known.getFirst());
        }
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        var known = newestFirst;
        return keyType.equals(KEY_TYPE) && !known.isEmpty() ? known.getFirst().serial() : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        var found = find(alias);
        return found == null ? null : new X509Certificate[] {found.certificate()};
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        var found = find(alias);
        return found == null ? null : found.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private @Nullable IssuedCertificate find(String alias) {
        return newestFirst.stream()
                .filter(certificate -> certificate.serial().equals(alias))
                .findFirst()
                .orElse(null);
    }
}
