package sluice.cli;

import java.net.URI;
import java.time.Duration;
import picocli.CommandLine.Option;
import sluice.operator.prometheus.PrometheusProvider;

/** How the Prometheus that {@code --prometheus} names knows the sidecars. */
public final class ScrapeOptions {
    /** What {@code --prometheus} is. */
    public static final String PROMETHEUS = "the Prometheus that scraped the sidecars, such as http://localhost:9090";

    /** Whoever names a Prometheus may ask it anything. */
    private static final boolean ANY_QUERY = true;

    @Option(
            names = "--scrape-interval",
            paramLabel = "TIME",
            defaultValue = "15s",
            description = "how often the sidecars were scraped; ${DEFAULT-VALUE} when it is not given")
    Duration scrapeInterval = Duration.ofSeconds(15);

    /**
     * The Prometheus at that address.
     *
     * @throws InvalidInputException for an address or an interval that cannot be
     */
    public PrometheusProvider provider(URI prometheus) {
        try {
            return new PrometheusProvider(prometheus, scrapeInterval, ANY_QUERY);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("--prometheus, --scrape-interval: " + e.getMessage());
        }
    }
}
