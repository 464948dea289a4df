package sluice.operator.prometheus;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.Signals;
import sluice.operator.rollout.StopLossRule;

/** The signals of a rollout at moments of the past, as the operator would have read them then. */
public final class PrometheusHistory implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PrometheusApi.TIMEOUT)
            .build();
    private final PrometheusProvider provider;
    private final RolloutPlan plan;
    private final RememberingApi api;

    /** The moments from {@code from} to {@code to}, the plan's interval apart; to be read in the order of time. */
    public PrometheusHistory(PrometheusProvider provider, RolloutPlan plan, Instant from, Instant to) {
        this.provider = provider;
        this.plan = plan;
        Duration longest = plan.stopLoss().rules().stream()
                .map(StopLossRule::window)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        this.api = new RememberingApi(
                http, provider.url(), from, to, plan.stopLoss().interval(), longest);
    }

    /** What was to be read at {@code moment}. */
    public Signals at(SignalQuery query, Instant moment) {
        return new SignalReading(api, provider, query, plan, moment).signals();
    }

    /** Why Prometheus cannot be asked at all, once that has happened; what was read since then says nothing. */
    public Optional<String> failure() {
        return api.failure();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
