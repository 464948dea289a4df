package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.DecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;
import sluice.operator.api.v1alpha1.SignalStatus;
import sluice.operator.api.v1alpha1.TimersStatus;

/**
 * Whether a new status is worth a write. What a decision depends on always is; how many sidecars there are is written about once a second,
 * because thousands of them come and go one by one; other figures that only people read are refreshed once a minute, or as often as the dead-man
 * switch needs while a candidate is on its way.
 */
final class StatusChange {

    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(1);
    private static final Duration REFRESH = Duration.ofMinutes(1);

    private StatusChange() {}

    /**
     * Compares.
     *
     * @param underWay whether the time of the last evaluation itself matters to the next
     * @param deadManSwitch after which an evaluation that was not written down counts as missed
     */
    static boolean isWorthWriting(
            @Nullable RateLimitRolloutStatus before,
            RateLimitRolloutStatus after,
            boolean underWay,
            Duration deadManSwitch,
            Instant now) {
        if (before == null || before.phase() == null) {
            return true;
        }
        if (!Essence.of(before).equals(Essence.of(after))) {
            return true;
        }
        if (!Objects.equals(before.sidecars(), after.sidecars()) && isOld(before, BETWEEN_COUNTS, now)) {
            return true;
        }
        return isOld(before, underWay ? underWay(deadManSwitch) : REFRESH, now)
                && (underWay || !withoutEvaluation(before).equals(withoutEvaluation(after)));
    }

    /** When to look again at the latest: after the plan's interval, or as soon as counts that were not written may be. */
    static Duration nextLook(Observed observed, Committed committed) {
        var interval = observed.plan().stopLoss().interval();
        var counted = StatusWriter.counts(observed.census().sidecars());
        var written = committed.rollout().getStatus();
        var behind = written != null && !counted.equals(written.sidecars());
        return behind && BETWEEN_COUNTS.compareTo(interval) < 0 ? BETWEEN_COUNTS : interval;
    }

    private static Duration underWay(Duration deadManSwitch) {
        var half = deadManSwitch.dividedBy(2);
        return half.compareTo(REFRESH) < 0 ? half : REFRESH;
    }

    private static boolean isOld(RateLimitRolloutStatus status, Duration refresh, Instant now) {
        return Optional.ofNullable(status.timers())
                .map(TimersStatus::evaluatedAt)
                .map(Instant::parse)
                .map(at -> Duration.between(at, now).abs().compareTo(refresh) >= 0)
                .orElse(true);
    }

    private static RateLimitRolloutStatus withoutEvaluation(RateLimitRolloutStatus status) {
        var timers = status.timers();
        return timers == null
                ? status
                : StatusEdit.of(status)
                        .put("timers", edit(timers).put("evaluatedAt", null).done())
                        .done();
    }

    private static StatusEdit<TimersStatus> edit(TimersStatus timers) {
        return StatusEdit.of(TimersStatus.class, timers);
    }

    /**
     * What of a status is more than a figure.
     *
     * @param rest everything else, without the fields that the other two are of, and without what is counted
     * @param verdicts in no order: the worst signal comes first in status, so that its order changes with every figure
     */
    private record Essence(RateLimitRolloutStatus rest, List<Condition> conditions, Set<String> verdicts) {
        static Essence of(RateLimitRolloutStatus status) {
            var rest = StatusEdit.of(status)
                    .put("nextIn", null)
                    .put("worstSignal", null)
                    .put("sidecars", null)
                    .put("conditions", null)
                    .put("signals", null)
                    .put("timers", timers(status))
                    .put("lastDecision", decision(status))
                    .put("lastRollback", rollback(status));
            return new Essence(
                    rest.done(),
                    orNone(status.conditions()).stream().map(Essence::condition).toList(),
                    orNone(status.signals()).stream().map(Essence::verdict).collect(Collectors.toSet()));
        }

        private static @Nullable TimersStatus timers(RateLimitRolloutStatus status) {
            var timers = status.timers();
            // Every look that sees nobody moves the hold on; until that is written it is remembered.
            return timers == null
                    ? null
                    : edit(timers)
                            .put("evaluatedAt", null)
                            .put("holdStartedAt", null)
                            .put("stableThrottledRatio", null)
                            .done();
        }

        private static @Nullable DecisionStatus decision(RateLimitRolloutStatus status) {
            var last = status.lastDecision();
            return last == null ? null : new DecisionStatus(last.name(), last.reason(), null, last.at());
        }

        /** Its newest acknowledgement counts as the sidecars do, until it is the last one. */
        private static @Nullable RollbackStatus rollback(RateLimitRolloutStatus status) {
            var last = status.lastRollback();
            return last == null || last.finishedAt() != null
                    ? last
                    : StatusEdit.of(RollbackStatus.class, last)
                            .put("lastAckAt", null)
                            .done();
        }

        private static Condition condition(Condition condition) {
            return new ConditionBuilder(condition)
                    .withMessage(null)
                    .withLastTransitionTime(null)
                    .build();
        }

        private static String verdict(SignalStatus signal) {
            return signal.name() + "/" + signal.scope() + "=" + signal.verdict();
        }

        private static <T> List<T> orNone(@Nullable List<T> list) {
            return list == null ? List.of() : list;
        }
    }
}
