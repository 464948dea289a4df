package sluice.operator.certificates;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for localhost, and the client's side of it, for tests that serve on this machine. */
public final class LocalhostCertificate {

    private final IssuedCertificate authority;
    private final IssuedCertificate serving;

    public LocalhostCertificate() {
        var issuer = new CertificateIssuer(Duration.ofMinutes(5));
        authority = issuer.authority(Duration.ofHours(1), Instant.now());
        serving = issuer.serving(authority, List.of("localhost"), Duration.ofHours(1), Instant.now());
    }

    public SSLContext server() throws GeneralSecurityException {
        var keys = new ServingKeyManager();
        keys.serve(serving);
        var context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {keys}, null, null);
        return context;
    }

    public String authorityPem() {
        return Pem.write(authority.certificate());
    }

    public SSLContext client() throws GeneralSecurityException, IOException {
        return clientTrusting(authorityPem());
    }

    /** A client that trusts the authorities of a PEM bundle and no others. */
    static SSLContext clientTrusting(String bundle) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        var end = "-----END CERTIFICATE-----";
        for (var pem : List.of(bundle.split("(?<=" + end + ")\\s*", -1))) {
            if (pem.contains(end)) {
                var certificate = Pem.readCertificate(pem);
                store.setCertificateEntry(certificate.getSerialNumber().toString(16), certificate);
            }
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
