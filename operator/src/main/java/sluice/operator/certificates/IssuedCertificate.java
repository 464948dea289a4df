package sluice.operator.certificates;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** A certificate and its private key. */
record IssuedCertificate(X509Certificate certificate, PrivateKey key) {

    private static final int DNS_NAME = 2;

    /** Names this certificate among others of the same CA and of others. */
    String serial() {
        return certificate.getSerialNumber().toString(16);
    }

    Instant issuedAt(Duration backdate) {
        return certificate.getNotBefore().toInstant().plus(backdate);
    }

    Instant expiresAt() {
        return certificate.getNotAfter().toInstant();
    }

    /** Due at two thirds of its life, which leaves the last third for whatever stands in the way of a rotation. */
    boolean isDueForRotation(Duration backdate, Instant now) {
        var issuedAt = issuedAt(backdate);
        var life = Duration.between(issuedAt, expiresAt());
        return !now.isBefore(issuedAt.plus(life.multipliedBy(2).dividedBy(3)));
    }

    boolean isSignedBy(X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException notSignedByIt) {
            return false;
        }
    }

    boolean isFor(Collection<String> dnsNames) {
        return dnsNames().containsAll(dnsNames);
    }

    private Set<String> dnsNames() {
        try {
            return Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.<List<?>>of()).stream()
                    .filter(name -> Objects.equals(name.get(0), DNS_NAME))
                    .map(name -> String.valueOf(name.get(1)))
                    .collect(Collectors.toSet());
        } catch (CertificateParsingException unreadable) {
            return Set.of();
        }
    }

    /** Says nothing about the key. */
    @Override
    public String toString() {
        return certificate.getSubjectX500Principal() + " serial " + serial() + " until " + expiresAt();
    }
}
