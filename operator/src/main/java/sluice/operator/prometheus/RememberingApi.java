package sluice.operator.prometheus;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Samples;

/**
 * A Prometheus that is asked about one moment of the past after another, {@code step} apart. What is asked at a moment is fetched for many of
 * them at once and answered from memory: the same query has the same value at the same time. What does not fit is asked as it is.
 */
final class RememberingApi extends PrometheusApi {
    /** Moments that are fetched at once. */
    private static final int CHUNK = 500;

    private static final int MOST_QUERIES = 64;

    private final Instant from;
    private final Instant to;
    private final Duration step;
    private final int mostChunks;
    private final Map<String, NavigableMap<Long, Answer>> memory = new ConcurrentHashMap<>();
    private volatile Optional<String> failure = Optional.empty();

    /**
     * Remembers moments between {@code from} and {@code to}.
     *
     * @param longest the longest time that a query looks back; earlier moments are forgotten
     */
    RememberingApi(HttpClient http, URI url, Instant from, Instant to, Duration step, Duration longest) {
        super(http, url);
        this.from = from;
        this.to = to;
        this.step = step;
        this.mostChunks = (int) longest.dividedBy(step.multipliedBy(CHUNK)) + 2;
    }

    /** Why Prometheus cannot be asked at all, once that has happened; what was read since then says nothing. */
    Optional<String> failure() {
        return failure;
    }

    @Override
    Answer range(String query, Instant start, Instant end, Duration every) {
        boolean fits = index(start).isPresent() && index(end).isPresent() && every.toMillis() % step.toMillis() == 0;
        return (fits ? remembered(query, start, end) : Optional.<List<Sample>>empty())
                .map(samples -> answer(samples.stream()
                        .filter(sample -> Duration.between(start, sample.at()).toMillis() % every.toMillis() == 0)
                        .toList()))
                .orElseGet(() -> checked(super.range(query, start, end, every)));
    }

    @Override
    Answer instant(String query, Instant at) {
        return (index(at).isPresent() ? remembered(query, at, at) : Optional.<List<Sample>>empty())
                .map(RememberingApi::answer)
                .orElseGet(() -> checked(super.instant(query, at)));
    }

    private static Answer answer(List<Sample> samples) {
        return samples.isEmpty() ? new Answer.Empty() : new Answer.Series(new Samples(samples));
    }

    // A wrong answer belongs to the past that is looked at; no answer at all does not.
    private Answer checked(Answer answer) {
        if (answer instanceof Answer.Failed && super.instant("vector(0)", to) instanceof Answer.Failed(String why)) {
            failure = Optional.of(why);
        }
        return answer;
    }

    /** Which moment it is, counted from the first; empty when it is between two. */
    private Optional<Long> index(Instant at) {
        long millis = Duration.between(from, at).toMillis();
        return millis % step.toMillis() == 0 ? Optional.of(millis / step.toMillis()) : Optional.empty();
    }

    /** The samples from {@code start} to {@code end}; empty when a chunk of them could not be fetched. */
    private Optional<List<Sample>> remembered(String query, Instant start, Instant end) {
        NavigableMap<Long, Answer> chunks = memory.get(query);
        if (chunks == null) {
            if (memory.size() >= MOST_QUERIES) {
                return Optional.empty();
            }
            chunks = memory.computeIfAbsent(query, _ -> new TreeMap<>());
        }
        synchronized (chunks) {
            return collect(query, chunks, start, end);
        }
    }

    private Optional<List<Sample>> collect(
            String query, NavigableMap<Long, Answer> chunks, Instant start, Instant end) {
        List<Sample> samples = new ArrayList<>();
        for (long number = number(start); number <= number(end); number++) {
            switch (chunks.computeIfAbsent(number, absent -> fetch(query, absent))) {
                case Answer.Series(Samples series) ->
                    series.all().stream()
                            .filter(sample ->
                                    !sample.at().isBefore(start) && !sample.at().isAfter(end))
                            .forEach(samples::add);
                case Answer.Empty _ -> {}
                default -> {
                    return Optional.empty();
                }
            }
        }
        while (chunks.size() > mostChunks) {
            chunks.pollFirstEntry();
        }
        return Optional.of(samples);
    }

    private long number(Instant at) {
        return Math.floorDiv(Duration.between(from, at).toMillis(), step.toMillis() * CHUNK);
    }

    private Answer fetch(String query, long number) {
        Instant start = from.plus(step.multipliedBy(number * CHUNK));
        Instant last = start.plus(step.multipliedBy(CHUNK - 1));
        return super.range(query, start, last.isAfter(to) ? to : last, step);
    }
}
