package sluice.operator.prometheus;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.SignalReader;
import sluice.operator.rollout.Signals;
import sluice.operator.rollout.StopLossRule;

/** Reads signals from the Prometheus that a resource names. Safe for use by many threads. */
public final class PrometheusSignalReader implements SignalReader, AutoCloseable {
    private final Map<String, PrometheusProvider> providers;
    private final Map<String, PrometheusApi> apis;
    private final Map<String, QueryCheck> checks;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PrometheusApi.TIMEOUT)
            .build();

    /** Takes the providers by the name that a resource uses. */
    public PrometheusSignalReader(Map<String, PrometheusProvider> providers) {
        this.providers = Map.copyOf(providers);
        this.apis = this.providers.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> new PrometheusApi(http, entry.getValue().url())));
        this.checks = apis.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> new QueryCheck(entry.getValue())));
    }

    /** Takes at most two query timeouts. */
    @Override
    public Signals read(SignalQuery query, RolloutPlan plan, Instant now) {
        String name = plan.stopLoss().provider();
        PrometheusProvider provider = providers.get(name);
        PrometheusApi api = apis.get(name);
        return provider == null || api == null
                ? Signals.missing("there is no such Prometheus in the operator's configuration")
                : new SignalReading(api, provider, query, plan, now).signals();
    }

    /** Takes at most one query timeout. */
    @Override
    public Figures figures(String namespace, String rollout, RolloutPlan plan, Instant now) {
        String name = plan.stopLoss().provider();
        PrometheusProvider provider = providers.get(name);
        PrometheusApi api = apis.get(name);
        return provider == null || api == null
                ? Figures.missing("there is no such Prometheus in the operator's configuration")
                : new FiguresReading(api, Selector.service(namespace, rollout), provider.rateWindow(), now).figures();
    }

    /** Takes at most one query timeout. */
    @Override
    public List<Blocker> blockers(RolloutPlan plan) {
        String name = plan.stopLoss().provider();
        PrometheusProvider provider = providers.get(name);
        QueryCheck check = checks.get(name);
        if (provider == null || check == null) {
            return List.of(new Blocker(
                    "PrometheusUnknown",
                    "spec.stopLoss.prometheus: the operator's configuration has no '%s', but %s"
                            .formatted(name, new TreeSet<>(providers.keySet()))));
        }
        Stream<Blocker> tooSlow = plan.stopLoss().rules().stream()
                .filter(rule -> rule.window().compareTo(shortestWindow(provider)) < 0)
                .map(rule -> tooSlow(rule, name, provider));
        return Stream.concat(queries(plan, provider, check), tooSlow).toList();
    }

    private static Stream<Blocker> queries(RolloutPlan plan, PrometheusProvider provider, QueryCheck check) {
        Set<Signal.Query> queries = plan.queries();
        if (queries.isEmpty()) {
            return Stream.empty();
        }
        if (provider.allowQueries()) {
            return check.refusals(queries).entrySet().stream()
                    .map(refusal -> new Blocker(
                            "QueryInvalid",
                            "%s: Prometheus refuses the query: %s; mend it"
                                    .formatted(field(plan, refusal.getKey()), refusal.getValue())));
        }
        Signal.Query first = queries.iterator().next();
        return Stream.of(new Blocker(
                "QueriesNotAllowed",
                "%s: queries are not allowed on the provider '%s'; remove it, or let the operator's owner set prometheus.providers.%s.allowQueries to true in its configuration"
                        .formatted(
                                field(plan, first),
                                plan.stopLoss().provider(),
                                plan.stopLoss().provider())));
    }

    private static String field(RolloutPlan plan, Signal.Query query) {
        boolean rule = plan.stopLoss().rules().stream().anyMatch(each -> query.equals(each.signal()));
        return "%s: the query %s".formatted(rule ? "spec.stopLoss.rules" : "spec.gates", query.name());
    }

    private static Duration shortestWindow(PrometheusProvider provider) {
        return provider.scrapeInterval().multipliedBy(2);
    }

    private static Blocker tooSlow(StopLossRule rule, String name, PrometheusProvider provider) {
        return new Blocker(
                "PrometheusTooSlow",
                "spec.stopLoss.rules: %s wants a for of %d s, but '%s' scrapes every %d s; raise it to at least %d s"
                        .formatted(
                                rule.signal().text(),
                                rule.window().toSeconds(),
                                name,
                                provider.scrapeInterval().toSeconds(),
                                shortestWindow(provider).toSeconds()));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
