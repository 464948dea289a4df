package sluice.operator.certificates;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything the Secret holds. While the CA rotates {@code previousAuthority} is trusted too, and until the overlap is over the
 * serving certificate is still under it.
 */
record CertificateState(
        IssuedCertificate authority,
        IssuedCertificate serving,
        @Nullable X509Certificate previousAuthority) {

    private static final String CA_CERTIFICATE = "ca.crt";
    private static final String CA_KEY = "ca.key";
    private static final String SERVING_CERTIFICATE = "tls.crt";
    private static final String SERVING_KEY = "tls.key";
    private static final String PREVIOUS_CA_CERTIFICATE = "previous-ca.crt";

    CertificateState withServing(IssuedCertificate other) {
        return new CertificateState(authority, other, previousAuthority);
    }

    CertificateState withoutPreviousAuthority() {
        return new CertificateState(authority, serving, null);
    }

    /** PEM of every authority to trust. */
    String bundle() {
        var current = Pem.write(authority.certificate());
        return previousAuthority == null ? current : current + Pem.write(previousAuthority);
    }

    Map<String, Instant> expiries() {
        return Map.of("authority", authority.expiresAt(), "serving", serving.expiresAt());
    }

    /** Empty when the chart has just made the Secret. Throws IOException when what is in it cannot be used. */
    static Optional<CertificateState> read(@Nullable Map<String, String> data) throws IOException {
        if (data == null || data.isEmpty()) {
            return Optional.empty();
        }
        var authority = readPair(data, CA_CERTIFICATE, CA_KEY);
        var serving = readPair(data, SERVING_CERTIFICATE, SERVING_KEY);
        var previous =
                data.containsKey(PREVIOUS_CA_CERTIFICATE) ? readCertificate(data, PREVIOUS_CA_CERTIFICATE) : null;
        return Optional.of(new CertificateState(authority, serving, previous));
    }

    /** The data of a Secret, base64. */
    Map<String, String> write() {
        var data = new LinkedHashMap<String, String>();
        data.put(CA_CERTIFICATE, encode(Pem.write(authority.certificate())));
        data.put(CA_KEY, encode(Pem.write(authority.key())));
        data.put(SERVING_CERTIFICATE, encode(Pem.write(serving.certificate())));
        data.put(SERVING_KEY, encode(Pem.write(serving.key())));
        if (previousAuthority != null) {
            data.put(PREVIOUS_CA_CERTIFICATE, encode(Pem.write(previousAuthority)));
        }
        return data;
    }

    private static IssuedCertificate readPair(Map<String, String> data, String certificate, String key)
            throws IOException {
        return new IssuedCertificate(readCertificate(data, certificate), Pem.readKey(decode(data, key)));
    }

    private static X509Certificate readCertificate(Map<String, String> data, String key) throws IOException {
        return Pem.readCertificate(decode(data, key));
    }

    private static String decode(Map<String, String> data, String key) throws IOException {
        try {
            return new String(Base64.getDecoder().decode(data.getOrDefault(key, "")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IOException(key + " is not base64");
        }
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
