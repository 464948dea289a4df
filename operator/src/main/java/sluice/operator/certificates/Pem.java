package sluice.operator.certificates;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** Certificates and PKCS #8 keys as PEM text (RFC 7468). */
final class Pem {

    private Pem() {}

    static String write(X509Certificate certificate) {
        return writeObject(certificate);
    }

    static String write(PrivateKey key) {
        try {
            return writeObject(new JcaPKCS8Generator(key, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Throws IOException when the text is not one certificate. */
    static X509Certificate readCertificate(String pem) throws IOException {
        if (readObject(pem) instanceof X509CertificateHolder holder) {
            try {
                return new JcaX509CertificateConverter().getCertificate(holder);
            } catch (CertificateException e) {
                throw new IOException("not a readable certificate", e);
            }
        }
        throw new IOException("not a PEM certificate");
    }

    /** Throws IOException, without any of the text, when the text is not an unencrypted PKCS #8 key. */
    static PrivateKey readKey(String pem) throws IOException {
        if (readObject(pem) instanceof PrivateKeyInfo key) {
            return new JcaPEMKeyConverter().getPrivateKey(key);
        }
        throw new IOException("not a PEM private key");
    }

    private static Object readObject(String pem) throws IOException {
        try (var parser = new PEMParser(new StringReader(pem))) {
            var read = parser.readObject();
            if (read == null) {
                throw new IOException("no PEM in it");
            }
            return read;
        } catch (RuntimeException e) {
            // BouncyCastle quotes what it could not decode, and that may be a key.
            throw new IOException("not readable PEM: " + e.getClass().getSimpleName());
        }
    }

    private static String writeObject(Object value) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
