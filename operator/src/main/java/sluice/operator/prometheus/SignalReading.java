package sluice.operator.prometheus;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import sluice.operator.rollout.Gate;
import sluice.operator.rollout.Gates;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Samples;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.Signals;
import sluice.operator.rollout.StopLoss;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Tally;
import sluice.operator.rollout.Threshold;

/** All queries of one evaluation, at once. */
final class SignalReading {
    private final PrometheusApi api;
    private final PrometheusProvider provider;
    private final SignalQuery query;
    private final StopLoss stopLoss;
    private final Gates gates;
    private final Instant end;
    private final Selector service;
    private final FreeQueries queries;

    SignalReading(PrometheusApi api, PrometheusProvider provider, SignalQuery query, RolloutPlan plan, Instant now) {
        this.api = api;
        this.provider = provider;
        this.query = query;
        this.stopLoss = plan.stopLoss();
        this.gates = plan.gates();
        // Whole seconds, so that start, step and end meet and the last sample is exactly at the end.
        this.end = now.truncatedTo(ChronoUnit.SECONDS);
        this.service = Selector.service(query.namespace(), query.rollout());
        this.queries = new FreeQueries(api, provider.allowQueries());
    }

    Signals signals() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reading> scraped = threads.submit(this::scraped);
            Future<Reading> busiest = threads.submit(this::busiestIdentity);
            Map<Signals.Key, Future<Reading>> values = new HashMap<>();
            Map<Scope, Future<Reading>> requests = new HashMap<>();
            Map<Signal, Future<Reading>> baselines = new HashMap<>();
            scopes().forEach(scope -> requests.put(scope, threads.submit(() -> requests(scope))));
            for (StopLossRule rule : stopLoss.rules()) {
                scopes(rule)
                        .forEach(scope -> values.put(
                                new Signals.Key(rule.signal(), scope), threads.submit(() -> value(rule, scope))));
                if (query.baseline() && rule.threshold() instanceof Threshold.TimesBaseline times) {
                    baselines.put(rule.signal(), threads.submit(() -> baseline(rule.signal(), times.window())));
                }
            }
            for (Gate gate : gates.all()) {
                gateScopes(gate)
                        .map(scope -> new Signals.Key(gate.signal(), scope))
                        .filter(key -> !values.containsKey(key))
                        .forEach(key -> values.put(key, threads.submit(() -> newest(key))));
            }
            Future<Reading> stepRequests = threads.submit(this::stepRequests);
            Map<Scope, Future<Tally>> tallies = new HashMap<>();
            if (gates.comparison().isPresent()) {
                TallyReading reading = new TallyReading(api, end);
                query.comparedSince()
                        .forEach((arm, since) -> tallies.put(arm, threads.submit(() -> reading.since(since, in(arm)))));
            }
            return fresh(
                    await(scraped, Reading.Missing::new),
                    () -> new Signals(
                            await(values),
                            await(requests),
                            await(baselines),
                            await(stepRequests, Reading.Missing::new),
                            await(tallies, Tally.Missing::new),
                            await(busiest, Reading.Missing::new),
                            provider.rateWindow(),
                            Optional.empty()));
        }
    }

    private Signals fresh(Reading scraped, Supplier<Signals> signals) {
        if (!(scraped instanceof Reading.Value(Samples samples))) {
            return signals.get()
                    .silent(
                            scraped instanceof Reading.Missing(String why, var _)
                                    ? why
                                    : "it is unknown who was scraped");
        }
        long seen = Math.round(samples.last().value());
        long expected = expected();
        return seen < expected
                ? signals.get()
                        .partial("%d of %d pods were scraped within the last %d s"
                                .formatted(seen, expected, limit().toSeconds()))
                : signals.get();
    }

    /** Pods that Prometheus has had time to find. */
    private long expected() {
        Instant found = end.minus(provider.discovery());
        return query.readySince().stream()
                .filter(since -> !since.isAfter(found))
                .count();
    }

    private Duration limit() {
        return provider.stalenessLimit();
    }

    private Stream<Scope> scopes() {
        return query.candidateRevision().isPresent()
                ? Stream.of(Scope.CANDIDATE, Scope.SERVICE)
                : Stream.of(Scope.SERVICE);
    }

    private Stream<Scope> scopes(StopLossRule rule) {
        return switch (rule.signal()) {
            case Signal.Query _ -> Stream.of(Scope.SERVICE);
            case Signal.BuiltIn.THROTTLED_RATIO -> Stream.concat(scopes(), Stream.of(Scope.STABLE));
            case Signal.BuiltIn _ -> scopes();
        };
    }

    private Stream<Scope> gateScopes(Gate gate) {
        if (query.candidateRevision().isEmpty()) {
            // A first step at weight 100 leaves no stable arm to compare with but the one that was observed.
            return query.baseline() && gate.signal().equals(Signal.THROTTLED_RATIO)
                    ? Stream.of(Scope.STABLE)
                    : Stream.empty();
        }
        return switch (gate.signal()) {
            case Signal.Query _ -> Stream.of(Scope.SERVICE);
            case Signal.BuiltIn.THROTTLED_RATIO -> Stream.of(Scope.CANDIDATE, Scope.STABLE);
            case Signal.BuiltIn _ -> Stream.of(Scope.CANDIDATE);
        };
    }

    private Selector in(Scope scope) {
        return service.in(scope, query.candidateRevision().orElse(""));
    }

    private Reading scraped() {
        return valueOr(
                api.instant(Queries.scraped(service, limit()), end),
                () -> new Reading.Missing(
                        "no sidecar of the rollout was scraped within the last %d s".formatted(limit().toSeconds())));
    }

    private Reading busiestIdentity() {
        Duration window = provider.rateWindow();
        return valueOr(
                api.instant(Queries.busiestIdentity(service, window), end),
                () -> absent(Queries.requests(service, window)));
    }

    private Reading requests(Scope scope) {
        return traffic(Queries.requests(in(scope), provider.rateWindow()));
    }

    private Reading value(StopLossRule rule, Scope scope) {
        Duration step = stopLoss.step(rule);
        Instant start = end.minus(step.multipliedBy(stopLoss.expectedSamples(rule) - 1));
        return switch (rule.signal()) {
            case Signal.Query asked -> queries.value(asked, start, end, step);
            case Signal.BuiltIn signal -> value(signal, scope, start, step);
        };
    }

    private Reading value(Signal.BuiltIn signal, Scope scope, Instant start, Duration step) {
        Duration window = provider.rateWindow();
        Answer answer = api.range(Queries.value(signal, in(scope), window), start, end, step);
        Supplier<Reading> absent = () -> absent(Queries.traffic(signal, in(scope), window));
        return answer instanceof Answer.Series(Samples samples)
                        && !samples.last().at().equals(end)
                ? absent.get().after(samples.all())
                : valueOr(answer, absent);
    }

    /** The newest value only: a gate looks no further back. */
    private Reading newest(Signals.Key key) {
        return switch (key.signal()) {
            case Signal.Query asked -> queries.value(asked, end, end, stopLoss.interval());
            case Signal.BuiltIn signal -> over(provider.rateWindow(), signal, in(key.scope()));
        };
    }

    private Reading over(Duration window, Signal.BuiltIn signal, Selector selector) {
        return valueOr(
                api.instant(Queries.value(signal, selector, window), end),
                () -> absent(Queries.traffic(signal, selector, window)));
    }

    private Reading stepRequests() {
        return query.stepSince()
                .map(since -> Duration.between(since, end))
                .filter(seen -> seen.toSeconds() > 0)
                .map(seen -> valueOr(
                        api.instant(Queries.requestsDuring(in(Scope.CANDIDATE), seen), end),
                        () -> new Reading.Missing("there is no such series")))
                .orElseGet(() -> new Reading.Missing("no step has begun"));
    }

    // The stable arm: while observing it has every request, and an earlier candidate's failures are no baseline.
    private Reading baseline(Signal signal, Duration window) {
        return switch (signal) {
            case Signal.BuiltIn builtIn -> over(window, builtIn, in(Scope.STABLE));
            case Signal.Query _ -> new Reading.Missing("a query has no baseline");
        };
    }

    /** Why a signal has no value now: because there were no requests, or because data are missing. */
    private Reading absent(String traffic) {
        return traffic(traffic) instanceof Reading.NoTraffic none
                ? none
                : new Reading.Missing("there is no value for the present moment");
    }

    private Reading traffic(String traffic) {
        Reading rate = valueOr(api.instant(traffic, end), () -> new Reading.Missing("there is no such series"));
        return rate instanceof Reading.Value(Samples samples) && samples.last().value() == 0
                ? new Reading.NoTraffic()
                : rate;
    }

    static Reading valueOr(Answer answer, Supplier<Reading> empty) {
        return switch (answer) {
            case Answer.Series series -> new Reading.Value(series.samples());
            case Answer.Empty _ -> empty.get();
            case Answer.Failed failed -> new Reading.Missing(failed.why());
            case Answer.Refused _ -> new Reading.Missing("Prometheus answered 400");
        };
    }

    private static <K> Map<K, Reading> await(Map<K, Future<Reading>> futures) {
        return await(futures, Reading.Missing::new);
    }

    private static <K, V> Map<K, V> await(Map<K, Future<V>> futures, Function<String, V> missing) {
        Map<K, V> values = new HashMap<>();
        futures.forEach((key, future) -> values.put(key, await(future, missing)));
        return values;
    }

    private static <V> V await(Future<V> future, Function<String, V> missing) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return missing.apply("reading was interrupted");
        } catch (ExecutionException e) {
            return missing.apply("reading failed");
        }
    }
}
