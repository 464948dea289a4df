package sluice.cli.report;

import java.util.Optional;
import sluice.cli.cluster.PodLogs;
import sluice.operator.prometheus.PrometheusProvider;

/**
 * Where a report may look.
 *
 * @param prometheus the one that scraped the sidecars
 * @param logs absent when there is no cluster to ask
 * @param operatorNamespace where the operator runs
 */
record Sources(Optional<PrometheusProvider> prometheus, Optional<PodLogs> logs, String operatorNamespace) {}
