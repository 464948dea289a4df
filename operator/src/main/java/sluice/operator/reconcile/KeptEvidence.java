package sluice.operator.reconcile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.DecisionStatus;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.PastDecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;

/**
 * A rollout's past beyond what its status has room for. Bounded: each list drops its oldest. It only grows by what is committed, so that whoever
 * adds the same again, or an older status, takes nothing away. No decision depends on it.
 *
 * @param decisions oldest first
 * @param rollbacks oldest first
 * @param revisions in the order in which they came
 * @param droppedUntil what was up to this time is not all here any more; absent while everything is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeptEvidence(
        List<PastDecisionStatus> decisions,
        List<PastRollback> rollbacks,
        List<PastRevision> revisions,
        @Nullable String droppedUntil) {

    /** Nothing yet. */
    public static final KeptEvidence NONE = new KeptEvidence(List.of(), List.of(), List.of(), null);

    // In all a quarter of what a ConfigMap may hold: every decision writes it anew.
    private static final int DECISIONS_BYTES = 64 << 10;
    private static final int ROLLBACKS_BYTES = 64 << 10;
    private static final int REVISIONS_BYTES = 128 << 10;

    private static final String HOLD = "Hold";

    /**
     * A rollback.
     *
     * @param stable the revision that came back; absent where that was not known any more
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PastRollback(
            @Nullable RollbackStatus rollback, @Nullable String stable) {
        /** When it was decided. */
        public @Nullable String at() {
            return rollback == null ? null : rollback.decidedAt();
        }
    }

    /**
     * A limiter, and the resource that brought it.
     *
     * @param limiter its canonical JSON
     * @param since when it was first seen
     * @param spec the rest of the resource's spec as it last was with this limiter, without hooks and notifications, which name other people's
     *     things; absent for one that no resource has had since evidence is kept
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PastRevision(
            @Nullable String revision,
            @Nullable String limiter,
            @Nullable String since,
            @Nullable JsonNode spec) {}

    public KeptEvidence {
        decisions = present(decisions);
        rollbacks = present(rollbacks);
        revisions = present(revisions);
    }

    /** Whoever has edited it may have left anything out. */
    private static <T> List<T> present(@Nullable List<T> list) {
        return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
    }

    @JsonIgnore
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** The same with what a status tells. */
    public KeptEvidence with(RateLimitRolloutStatus status) {
        var dropped = new ArrayList<String>();
        Optional.ofNullable(droppedUntil).ifPresent(dropped::add);
        var current = Stream.of(status.stable(), status.candidate(), status.previousStable())
                .filter(Objects::nonNull)
                .map(LimiterStatus::revision)
                .toList();
        return new KeptEvidence(
                bounded(
                        decisions(status),
                        DECISIONS_BYTES,
                        PastDecisionStatus::at,
                        // Holds come and go; what became of an attempt is worth more.
                        decision -> HOLD.equals(decision.name()),
                        dropped),
                bounded(rollbacks(status), ROLLBACKS_BYTES, PastRollback::at, _ -> true, dropped),
                bounded(
                        revisions(status),
                        REVISIONS_BYTES,
                        PastRevision::since,
                        revision -> !current.contains(revision.revision()),
                        dropped),
                dropped.isEmpty() ? null : Collections.max(dropped));
    }

    private List<PastDecisionStatus> decisions(RateLimitRolloutStatus status) {
        var all = new ArrayList<>(decisions);
        for (var decision : present(status.decisions()).reversed()) {
            if (isKnownSince(decisions, PastDecisionStatus::at, decision.at())
                    && decisions.stream().noneMatch(each -> isSame(each, decision))) {
                all.add(decision);
            }
        }
        // A hold that had no room may come back behind what is newer.
        all.sort(Comparator.comparing(PastDecisionStatus::at, Comparator.nullsFirst(Comparator.naturalOrder())));
        return all;
    }

    private static boolean isSame(PastDecisionStatus one, PastDecisionStatus other) {
        return Objects.equals(one.at(), other.at())
                && Objects.equals(one.name(), other.name())
                && Objects.equals(one.reason(), other.reason());
    }

    /** What is older than the oldest was here and has been dropped. */
    private static <T> boolean isKnownSince(List<T> kept, Function<T, @Nullable String> time, @Nullable String at) {
        return at != null
                && Optional.ofNullable(kept.isEmpty() ? null : time.apply(kept.getFirst()))
                        .filter(oldest -> at.compareTo(oldest) < 0)
                        .isEmpty();
    }

    private List<PastRollback> rollbacks(RateLimitRolloutStatus status) {
        var last = status.lastRollback();
        if (last == null || !isKnownSince(rollbacks, PastRollback::at, last.decidedAt())) {
            return rollbacks;
        }
        var all = new ArrayList<>(rollbacks);
        var at = place(all, rollback -> Objects.equals(rollback.at(), last.decidedAt()));
        if (at.isEmpty()) {
            var goesBack = "RollingBack".equals(status.phase()) || "RolledBack".equals(status.phase());
            all.add(new PastRollback(last, goesBack && status.stable() != null ? revision(status.stable()) : null));
        } else if (last.finishedAt() != null) {
            // Not with every acknowledgement.
            all.set(at.getAsInt(), new PastRollback(last, all.get(at.getAsInt()).stable()));
        }
        return all;
    }

    private List<PastRevision> revisions(RateLimitRolloutStatus status) {
        var all = new ArrayList<>(revisions);
        var since = Optional.ofNullable(status.lastDecision())
                .map(DecisionStatus::at)
                .orElse(null);
        Stream.of(status.previousStable(), status.stable(), status.candidate())
                .filter(Objects::nonNull)
                .filter(limiter -> limiter.revision() != null && limiter.limiter() != null)
                .filter(limiter -> size(limiter) < REVISIONS_BYTES / 2)
                .filter(limiter -> place(all, named(limiter.revision())).isEmpty())
                .forEach(limiter -> all.add(new PastRevision(limiter.revision(), limiter.limiter(), since, null)));
        return all;
    }

    /** The same with the resource that has brought a limiter which is known. */
    KeptEvidence with(String revision, JsonNode spec) {
        var all = new ArrayList<>(revisions);
        var at = place(all, named(revision));
        if (at.isEmpty() || size(spec) >= REVISIONS_BYTES / 4) {
            return this;
        }
        var known = all.get(at.getAsInt());
        all.set(at.getAsInt(), new PastRevision(known.revision(), known.limiter(), known.since(), spec));
        return new KeptEvidence(decisions, rollbacks, all, droppedUntil);
    }

    private static Predicate<PastRevision> named(@Nullable String revision) {
        return each -> Objects.equals(each.revision(), revision);
    }

    private static @Nullable String revision(@Nullable LimiterStatus limiter) {
        return limiter == null ? null : limiter.revision();
    }

    private static <T> OptionalInt place(List<T> list, Predicate<T> wanted) {
        return IntStream.range(0, list.size())
                .filter(i -> wanted.test(list.get(i)))
                .findFirst();
    }

    /**
     * As much as there is room for.
     *
     * @param first what is dropped before anything else is, oldest first
     * @param dropped takes the times of what was dropped
     */
    private static <T> List<T> bounded(
            List<T> list, int most, Function<T, @Nullable String> time, Predicate<T> first, List<String> dropped) {
        var kept = new ArrayList<>(list);
        var size = list.stream().mapToInt(KeptEvidence::size).sum();
        while (size > most && !kept.isEmpty()) {
            var gone = kept.remove(place(kept, first).orElse(0));
            size -= size(gone);
            Optional.ofNullable(time.apply(gone)).ifPresent(dropped::add);
        }
        return kept;
    }

    private static int size(Object part) {
        return StrictJson.MAPPER.valueToTree(part).toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
