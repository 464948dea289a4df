package sluice.limiter.metrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Micrometer's defaults, but exemplars of histograms at their buckets only, as OpenMetrics 1.0 has it; Micrometer adds them to counts. */
final class BucketExemplars implements PrometheusConfig {

    @Override
    public @Nullable String get(String key) {
        return null;
    }

    @Override
    public Properties prometheusProperties() {
        return new Properties();
    }
}
