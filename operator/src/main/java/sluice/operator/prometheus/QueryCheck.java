package sluice.operator.prometheus;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import sluice.operator.rollout.Signal;

/**
 * Whether Prometheus understands somebody's query, before a rollout depends on it.
 *
 * <p>A query that was understood once is not asked about again.
 */
final class QueryCheck {
    private static final int MOST = 1_000;

    private final PrometheusApi api;
    private final Set<String> understood = ConcurrentHashMap.newKeySet();

    QueryCheck(PrometheusApi api) {
        this.api = api;
    }

    /** Prometheus's own words against those that it does not understand. Where it does not answer, nothing is said against a query. */
    Map<Signal.Query, String> refusals(Set<Signal.Query> queries) {
        Map<Signal.Query, Future<Answer>> answers = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Signal.Query query : queries) {
                if (!understood.contains(query.promql())) {
                    answers.put(query, threads.submit(() -> ask(query.promql())));
                }
            }
        }
        Map<Signal.Query, String> refusals = new LinkedHashMap<>();
        answers.forEach((query, answer) -> {
            if (answer.resultNow() instanceof Answer.Refused(String message)) {
                refusals.put(query, message);
            }
        });
        return refusals;
    }

    private Answer ask(String promql) {
        // At the beginning of time there are no samples to read: only the query itself costs something.
        Answer answer = api.range(promql, Instant.EPOCH, Instant.EPOCH, Duration.ofSeconds(1));
        if (answer instanceof Answer.Series || answer instanceof Answer.Empty) {
            remember(promql);
        }
        return answer;
    }

    private void remember(String promql) {
        if (understood.size() >= MOST) {
            understood.clear();
        }
        understood.add(promql);
    }
}
