package sluice.operator.scale;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Map;
import sluice.operator.testing.Replica;

/**
 * What has been counted up to a moment.
 *
 * @param liveMib the heap after a collection
 * @param writes changes of each rollout, by UID
 */
record Moment(
        Instant at,
        Buckets lag,
        Buckets duration,
        ApiWrites api,
        Map<String, Long> writes,
        double cpuSeconds,
        long liveMib) {

    static Moment of(Replica operator, KubernetesClient client, Map<String, Long> writes) {
        var live = Usage.liveMib(operator);
        var metrics = Usage.metrics(operator);
        return new Moment(
                Instant.now(),
                Buckets.of(metrics, "sluice_operator_evaluation_lag_seconds"),
                Buckets.of(metrics, "sluice_operator_evaluation_seconds"),
                ApiWrites.of(client.raw("/metrics")),
                writes,
                Usage.cpuSeconds(operator),
                live);
    }

    double evaluations() {
        return duration.total();
    }

    /** Of the rollout that has changed the most often. */
    long mostWritesSince(Moment earlier) {
        return writes.entrySet().stream()
                .mapToLong(entry -> entry.getValue() - earlier.writes().getOrDefault(entry.getKey(), 0L))
                .max()
                .orElse(0);
    }
}
