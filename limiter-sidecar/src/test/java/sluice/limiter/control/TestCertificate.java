package sluice.limiter.control;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemGenerationException;

/** A certificate made for one test. */
public record TestCertificate(KeyPair keys, X509Certificate certificate) {

    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration OVER = Duration.ofMinutes(-1);

    /** A self-signed one. */
    public static TestCertificate forHost(String host) {
        return selfSigned(host, LIFE);
    }

    /** A self-signed one whose time is over. */
    public static TestCertificate selfSignedExpired(String host) {
        return selfSigned(host, OVER);
    }

    private static TestCertificate selfSigned(String host, Duration life) {
        var keys = newKeys();
        return new TestCertificate(keys, certificate(host, keys, keys, new X500Name("CN=" + host), life));
    }

    /** One that can {@link #issue} others. */
    public static TestCertificate authority() {
        return forHost("authority");
    }

    /** A certificate for a host name or an IP address, issued by this one. */
    public TestCertificate issue(String host) {
        return issue(host, LIFE);
    }

    /** One whose time is over. */
    public TestCertificate issueExpired(String host) {
        return issue(host, OVER);
    }

    private TestCertificate issue(String host, Duration life) {
        var own = newKeys();
        var issuer = new X500Name(certificate.getSubjectX500Principal().getName());
        return new TestCertificate(own, certificate(host, own, keys, issuer, life));
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate certificate(
            String host, KeyPair keys, KeyPair issuerKeys, X500Name issuer, Duration life) {
        var now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(life)),
                new X500Name("CN=" + host),
                keys.getPublic());
        var kind = host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName;
        try {
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(kind, host)));
            builder.addExtension(Extension.basicConstraints, false, new BasicConstraints(keys == issuerKeys));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public String pem() {
        return pem(certificate);
    }

    /** PKCS #8. */
    public String keyPem() throws PemGenerationException {
        return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
    }

    private static String pem(Object object) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    SSLContext serverContext() {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", keys.getPrivate(), new char[0], new Certificate[] {certificate});
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
