package sluice.cli.report;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.DecisionStatus;
import sluice.operator.api.v1alpha1.PastDecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;
import sluice.operator.api.v1alpha1.TimersStatus;

/**
 * The decisions of a rollout's past, in the order of time.
 *
 * @param asOf the newest time that status speaks of: it stands for now, so that the same resource gives the same report whenever it is made
 */
record Timeline(List<Entry> entries, Optional<Instant> asOf) {
    /** Twice as many as a cluster keeps of ordinary ones. Each costs Prometheus its questions. */
    private static final int MOST = 200;

    // Times that somebody has made up must not make a calculation with them fail.
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    /**
     * A decision.
     *
     * @param number from 1
     */
    record Entry(int number, Instant at, PastDecisionStatus decision) {
        boolean is(String name) {
            return name.equals(decision.name());
        }
    }

    Timeline {
        entries = List.copyOf(entries);
    }

    /**
     * The past of a rollout.
     *
     * @param decisions oldest first
     */
    static Timeline of(RateLimitRolloutStatus status, List<PastDecisionStatus> decisions) {
        List<Entry> entries = new ArrayList<>();
        for (PastDecisionStatus decision : decisions.subList(Math.max(0, decisions.size() - MOST), decisions.size())) {
            time(decision.at()).ifPresent(at -> entries.add(new Entry(entries.size() + 1, at, decision)));
        }
        return new Timeline(entries, newest(status, entries));
    }

    private static Optional<Instant> newest(RateLimitRolloutStatus status, List<Entry> entries) {
        Optional<RollbackStatus> rollback = Optional.ofNullable(status.lastRollback());
        Stream<Optional<Instant>> others = Stream.of(
                Optional.ofNullable(status.timers())
                        .map(TimersStatus::evaluatedAt)
                        .flatMap(Timeline::time),
                Optional.ofNullable(status.lastDecision())
                        .map(DecisionStatus::at)
                        .flatMap(Timeline::time),
                rollback.map(RollbackStatus::decidedAt).flatMap(Timeline::time),
                rollback.map(RollbackStatus::finishedAt).flatMap(Timeline::time));
        return Stream.concat(entries.stream().map(Entry::at), others.flatMap(Optional::stream))
                .max(Comparator.naturalOrder());
    }

    /** A time as status writes it; empty for anything else. */
    static Optional<Instant> time(@Nullable String text) {
        try {
            return Optional.ofNullable(text)
                    .map(Instant::parse)
                    .filter(at -> at.isAfter(EARLIEST) && at.isBefore(LATEST));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The decisions of the newest attempt: from when sidecars were put in place, without the end of its watch a day later. */
    List<Entry> attempt() {
        int begin = 0;
        for (int i = 0; i < entries.size(); i++) {
            begin = entries.get(i).is("Inject") ? i : begin;
        }
        List<Entry> attempt = entries.subList(begin, entries.size());
        return attempt.size() > 1 && attempt.getLast().is("Disarm") ? attempt.subList(0, attempt.size() - 1) : attempt;
    }

    /** The candidate that sidecars counted for at a time; the first that is known for what was before. */
    Optional<String> revisionAt(Instant at) {
        List<Entry> named = entries.stream()
                .filter(entry -> entry.decision().revision() != null)
                .toList();
        return named.stream()
                .filter(entry -> !entry.at().isAfter(at))
                .reduce((_, later) -> later)
                .or(() -> named.stream().findFirst())
                .map(entry -> String.valueOf(entry.decision().revision()));
    }

    /** The weight that the decisions up to a time have led to, in percent; empty before the first. */
    Optional<Integer> weightAt(Instant at) {
        return entries.stream()
                .filter(entry -> !entry.at().isAfter(at) && entry.decision().weight() != null)
                .reduce((_, later) -> later)
                .map(entry -> entry.decision().weight());
    }
}
