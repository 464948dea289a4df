package sluice.cli.report;

import java.io.IOException;
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
        String operatorNamespace) {
    static final String NO_PROMETHEUS = "no --prometheus was given";

    /** What a Prometheus is asked. */
    interface Question<T> {
        T ask(PrometheusNow prometheus) throws IOException;
    }

    /** A section of how something is now, or why that is not known. */
    <T> Section now(String title, Question<T> question, Function<T, Section> part) {
        if (prometheus.isEmpty()) {
            return Section.notRun(title, NO_PROMETHEUS);
        }
        try (PrometheusNow now = new PrometheusNow(prometheus.get().url())) {
            return part.apply(question.ask(now));
        } catch (IOException e) {
            return Section.notRun(title, String.valueOf(e.getMessage()));
        }
    }
}
