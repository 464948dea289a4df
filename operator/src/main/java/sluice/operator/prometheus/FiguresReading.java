package sluice.operator.prometheus;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Signal;

/** The figures of a service at one instant, asked for at once. */
final class FiguresReading {
    private final PrometheusApi api;
    private final Selector service;
    private final Duration window;
    private final Instant at;

    FiguresReading(PrometheusApi api, Selector service, Duration window, Instant at) {
        this.api = api;
        this.service = service;
        this.window = window;
        this.at = at;
    }

    Figures figures() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reading> requests = ask(threads, Queries.requests(service, window));
            Future<Reading> errors = ask(threads, Queries.value(Signal.BuiltIn.ERROR_RATIO, service, window));
            Future<Reading> p50 = ask(threads, Queries.latency("0.5", service, window));
            Future<Reading> p95 = ask(threads, Queries.latency("0.95", service, window));
            Future<Reading> p99 = ask(threads, Queries.latency("0.99", service, window));
            Future<Reading> auth = ask(threads, Queries.value(Signal.BuiltIn.AUTH_FAILURES, service, window));
            Future<Reading> throttled = ask(threads, Queries.value(Signal.BuiltIn.THROTTLED_RATIO, service, window));
            Future<Reading> fallback = ask(threads, Queries.fallback(service));
            return new Figures(
                    await(requests),
                    await(errors),
                    await(p50),
                    await(p95),
                    await(p99),
                    await(auth),
                    await(throttled),
                    await(fallback));
        }
    }

    private Future<Reading> ask(ExecutorService threads, String query) {
        return threads.submit(() -> SignalReading.valueOr(api.instant(query, at), Reading.NoTraffic::new));
    }

    private static Reading await(Future<Reading> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reading.Missing("reading was interrupted");
        } catch (ExecutionException e) {
            return new Reading.Missing("reading failed");
        }
    }
}
