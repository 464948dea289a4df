package sluice.limiter.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;

/**
 * The meters of one arm and revision, all of them made at once, so that a healthy service shows zeros and not nothing, and so that
 * a request never has to look one up by its labels.
 */
public final class ArmMeters {

    private static final String DECISIONS = "sluice.decisions";
    private static final String LIMIT_DECISIONS = "sluice.limit.decisions";
    private static final String LIMIT_RESPONSES = "sluice.limit.responses";
    private static final String RESPONSES = "sluice.app.responses";
    private static final String AUTH = "sluice.auth";

    /** Of one limit. */
    private record LimitMeters(Map<Decision, Counter> decisions, Map<StatusClass, Counter> responses) {}

    private final ArmRevision of;
    private final MeterRegistry registry;
    private final HistogramFamily latencies;
    private final Tags tags;
    private final Queue<Meter> all = new ConcurrentLinkedQueue<>();
    private final Map<Decision, Map<Backend, Counter>> decisions = new EnumMap<>(Decision.class);
    private final Map<StatusClass, Counter> responses;
    private final Map<AuthResult, Counter> auth = new EnumMap<>(AuthResult.class);
    private final Map<String, LimitMeters> limits = new ConcurrentHashMap<>();
    private final LatencyHistogram latency;

    ArmMeters(MeterRegistry registry, HistogramFamily latencies, ArmRevision of) {
        this.registry = registry;
        this.latencies = latencies;
        this.of = of;
        this.tags = Tags.of("arm", of.arm().label(), "revision", of.revision());
        for (var decision : Decision.values()) {
            var byBackend = new EnumMap<Backend, Counter>(Backend.class);
            for (var backend : Backend.values()) {
                var labels = tags.and("decision", decision.label(), "backend", backend.label());
                byBackend.put(backend, counter(DECISIONS, "Requests, by what the limiter said of them", labels));
            }
            decisions.put(decision, byBackend);
        }
        responses = byClass(RESPONSES, "What the app answered", tags);
        for (var result : AuthResult.values()) {
            auth.put(
                    result,
                    counter(
                            AUTH,
                            "How requests fared with the app's authentication",
                            tags.and("result", result.label())));
        }
        latency = latencies.get(labels());
        announce(of.limits());
    }

    private String[] labels() {
        return new String[] {"arm", of.arm().label(), "revision", of.revision()};
    }

    /** Publishes the figures of these limits with zero, where they are new. */
    void announce(List<String> names) {
        names.forEach(name -> limits.computeIfAbsent(name, this::limitMeters));
    }

    private LimitMeters limitMeters(String limit) {
        var bound = tags.and("limit", limit);
        var counters = new EnumMap<Decision, Counter>(Decision.class);
        for (var decision : List.of(Decision.ALLOW, Decision.THROTTLE)) {
            var labels = bound.and("decision", decision.label());
            counters.put(decision, counter(LIMIT_DECISIONS, "Requests, by the limit that bound them", labels));
        }
        return new LimitMeters(
                counters,
                byClass(LIMIT_RESPONSES, "What the app answered, by the limit that bound the request", bound));
    }

    private Map<StatusClass, Counter> byClass(String name, String help, Tags labels) {
        var counters = new EnumMap<StatusClass, Counter>(StatusClass.class);
        for (var status : StatusClass.values()) {
            counters.put(status, counter(name, help, labels.and("class", status.label())));
        }
        return counters;
    }

    private Counter counter(String name, String help, Tags labels) {
        var counter = Counter.builder(name).description(help).tags(labels).register(registry);
        all.add(counter);
        return counter;
    }

    ArmRevision of() {
        return of;
    }

    void remove() {
        all.forEach(registry::remove);
        latencies.remove(labels());
    }

    /** Counts a judgement, and at the limit that was the tightest of those that matched. */
    public void decided(Judgement judgement) {
        var decision = Decision.of(judgement);
        requireNonNull(requireNonNull(decisions.get(decision)).get(judgement.backend()))
                .increment();
        judgement
                .limit()
                .ifPresent(state -> requireNonNull(of(state.limit()).decisions().get(decision))
                        .increment());
    }

    private LimitMeters of(String limit) {
        return limits.computeIfAbsent(limit, this::limitMeters);
    }

    /** Counts an answer of the app, or a 502 or 504 in its place, and at the limit that was the tightest of its request's. */
    public void answered(Judgement judgement, int status, AuthResult result) {
        var kind = StatusClass.of(status);
        requireNonNull(responses.get(kind)).increment();
        requireNonNull(auth.get(result)).increment();
        judgement
                .limit()
                .ifPresent(state ->
                        requireNonNull(of(state.limit()).responses().get(kind)).increment());
    }

    /** Records how long the app took, in nanoseconds. */
    public void appTook(long nanos, String requestId) {
        latency.record(nanos, requestId, System.currentTimeMillis());
    }
}
