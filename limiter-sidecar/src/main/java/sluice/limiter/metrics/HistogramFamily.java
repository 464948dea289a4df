package sluice.limiter.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The histograms of one name, which differ in their labels. */
final class HistogramFamily implements Collector {

    private final String name;
    private final String help;
    private final List<Duration> bounds;
    private final Map<Labels, LatencyHistogram> histograms = new ConcurrentHashMap<>();

    HistogramFamily(String name, String help, List<Duration> bounds) {
        this.name = name;
        this.help = help;
        this.bounds = bounds;
    }

    /** The histogram with these names and values, by turns; made when it is new. */
    LatencyHistogram get(String... labels) {
        return histograms.computeIfAbsent(Labels.of(labels), _ -> new LatencyHistogram(bounds));
    }

    void remove(String... labels) {
        histograms.remove(Labels.of(labels));
    }

    @Override
    public MetricSnapshot collect() {
        var family = HistogramSnapshot.builder().name(name).help(help);
        histograms.forEach((labels, histogram) -> family.dataPoint(histogram.snapshot(labels)));
        return family.build();
    }
}
