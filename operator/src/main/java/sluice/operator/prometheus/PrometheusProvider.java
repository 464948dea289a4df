package sluice.operator.prometheus;

import java.net.URI;
import java.time.Duration;

/**
 * One Prometheus from the operator's configuration.
 *
 * @param url base address, {@code http://prometheus.monitoring.svc:9090}
 * @param scrapeInterval how often it scrapes the sidecars
 */
public record PrometheusProvider(URI url, Duration scrapeInterval) {
    public PrometheusProvider {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException("prometheus url is not http or https");
        }
        if (scrapeInterval.isNegative() || scrapeInterval.isZero()) {
            throw new IllegalArgumentException("scrapeInterval is not positive: " + scrapeInterval);
        }
    }
}
