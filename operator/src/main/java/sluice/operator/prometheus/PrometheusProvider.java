package sluice.operator.prometheus;

import java.net.URI;
import java.time.Duration;

/**
 * One Prometheus from the operator's configuration.
 *
 * @param url base address, {@code http://prometheus.monitoring.svc:9090}
 * @param scrapeInterval how often it scrapes the sidecars
 * @param allowQueries whether rollouts may ask their own queries, which see whatever this Prometheus has of anybody
 */
public record PrometheusProvider(URI url, Duration scrapeInterval, boolean allowQueries) {
    private static final Duration SHORTEST_RATE_WINDOW = Duration.ofMinutes(1);

    public PrometheusProvider {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException("prometheus url is not http or https");
        }
        if (scrapeInterval.isNegative() || scrapeInterval.isZero()) {
            throw new IllegalArgumentException("scrapeInterval is not positive: " + scrapeInterval);
        }
    }

    /** A Prometheus for built-in signals only. */
    public PrometheusProvider(URI url, Duration scrapeInterval) {
        this(url, scrapeInterval, false);
    }

    /** Shorter windows miss a scrape now and then, longer ones add their own delay. */
    Duration rateWindow() {
        Duration four = scrapeInterval.multipliedBy(4);
        return four.compareTo(SHORTEST_RATE_WINDOW) > 0 ? four : SHORTEST_RATE_WINDOW;
    }

    /** Scrapes older than this say nothing about now. */
    Duration stalenessLimit() {
        return scrapeInterval.multipliedBy(2);
    }

    /** How long a new pod may take until it must have been scraped: it is found first. */
    Duration discovery() {
        return scrapeInterval.multipliedBy(3);
    }
}
