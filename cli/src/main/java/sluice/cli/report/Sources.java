package sluice.cli.report;

import java.util.Optional;
import java.util.function.Function;
import sluice.cli.cluster.Past;
import sluice.cli.cluster.PodLogs;
import sluice.operator.prometheus.PrometheusProvider;

/**
 * Where a report may look.
 *
 * @param prometheus the one that scraped the sidecars
 * @param logs absent when there is no cluster to ask
 * @param past what is kept of the rollout of a name
 * @param operatorNamespace where the operator runs
 */
record Sources(
        Optional<PrometheusProvider> prometheus,
        Optional<PodLogs> logs,
        Function<String, Past> past,
        String operatorNamespace) {}
