package sluice.operator.certificates;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * Where the certificates are kept and how long they live. Both kinds are replaced at two thirds of their life.
 *
 * @param namespace the operator's own namespace, which is part of the names that are served
 * @param caLife validity of the certificate authority
 * @param servingLife validity of the serving certificate
 * @param overlap how long a new CA is published before it signs, and the old one after it has stopped: time for the webhook
 *     configuration and every sidecar's ConfigMap mount to follow
 * @param backdate how far back validity begins, for clocks that differ
 * @param poll how often the Secret is read
 */
public record CertificateSettings(
        String namespace, Duration caLife, Duration servingLife, Duration overlap, Duration backdate, Duration poll) {

    /** The Secret's name in the chart. */
    public static final String SECRET = "sluice-certs";

    /** The mutating webhook configuration's name in the chart. */
    public static final String WEBHOOK_CONFIGURATION = "sluice-webhook";

    private static final List<String> SERVICES = List.of("sluice-webhook", "sluice-control");

    public CertificateSettings {
        requireNonNull(namespace, "namespace is null");
        requirePositive(caLife, "caLife");
        requirePositive(servingLife, "servingLife");
        requirePositive(overlap, "overlap");
        requirePositive(poll, "poll");
        if (backdate.isNegative()) {
            throw new IllegalArgumentException("backdate: must not be negative, got " + backdate);
        }
    }

    /** A year for the CA, 90 days for the serving certificate, ten minutes of overlap. */
    public static CertificateSettings forNamespace(String namespace) {
        return new CertificateSettings(
                namespace,
                Duration.ofDays(365),
                Duration.ofDays(90),
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10));
    }

    /** The DNS names that the serving certificate is for: both Services, as the API server and as sidecars call them. */
    public List<String> dnsNames() {
        return SERVICES.stream()
                .map(service -> service + "." + namespace + ".svc")
                .<String>mapMulti((name, names) -> {
                    names.accept(name);
                    names.accept(name + ".cluster.local");
                })
                .toList();
    }

    private static void requirePositive(Duration value, String field) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(field + ": must be positive, got " + value);
        }
    }
}
