package sluice.operator.reconcile;

import static sluice.operator.reconcile.StatusText.decimal;
import static sluice.operator.reconcile.StatusText.instant;
import static sluice.operator.reconcile.StatusText.require;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.BaselineStatus;
import sluice.operator.api.v1alpha1.BaselineValue;
import sluice.operator.api.v1alpha1.CommandStatus;
import sluice.operator.api.v1alpha1.DecisionStatus;
import sluice.operator.api.v1alpha1.HistoryStatus;
import sluice.operator.api.v1alpha1.KubernetesDuration;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.Maintenance;
import sluice.operator.api.v1alpha1.PlanStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.StepStatus;
import sluice.operator.api.v1alpha1.TimersStatus;
import sluice.operator.rollout.Armed;
import sluice.operator.rollout.Baseline;
import sluice.operator.rollout.Canary;
import sluice.operator.rollout.CommandNote;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.HistoryEntry;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Order;
import sluice.operator.rollout.Orders;
import sluice.operator.rollout.Phase;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.Rollback;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Run;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.Strategy;
import sluice.operator.rollout.Timers;

/** Reads a state back. */
final class StatusReader {
    static final String MANUAL = "Manual";

    private final RateLimitRolloutStatus status;
    private final TimersStatus timers;

    StatusReader(RateLimitRolloutStatus status) {
        this.status = status;
        this.timers = require("timers", status.timers());
    }

    RolloutState state() {
        LimiterStatus stable = require("stable", status.stable());
        return new RolloutState(
                require("epoch", status.epoch()),
                limiter("stable", stable),
                require("stable.promoted", stable.promoted()),
                require("injectionWanted", status.injectionWanted()),
                progress(),
                timers(),
                orders(),
                Optional.ofNullable(status.maintenance())
                        .filter(Maintenance::enabled)
                        .map(it -> KubernetesDuration.parse(it.retryAfter())),
                Optional.ofNullable(status.lastDecision()).map(StatusReader::decision),
                Optional.ofNullable(status.lastRollback()).map(RollbackMapping::toRollback),
                orNone(status.history()).stream().map(StatusReader::history).toList(),
                orNone(status.hooks()).stream().map(HookMapping::toRun).toList());
    }

    private Progress progress() {
        return switch (Phase.of(require("phase", status.phase()))) {
            case PENDING -> pending();
            case INJECTING -> new Progress.Injecting(run());
            case OBSERVING -> new Progress.Observing(run(), instant("timers.phaseSince", timers.phaseSince()));
            case PROGRESSING -> new Progress.Progressing(run(), canary());
            case BAKING -> new Progress.Baking(run(), canary());
            case PROMOTED -> new Progress.Promoted(instant("timers.phaseSince", timers.phaseSince()), armed());
            case ROLLING_BACK -> new Progress.RollingBack(candidate(), rollback());
            case ROLLED_BACK -> new Progress.RolledBack(candidate(), rollback());
            case PAUSED, SUSPENDED -> kept();
        };
    }

    /** Where it was when somebody kept it there. */
    private Progress kept() {
        if (status.step() != null) {
            Run run = run();
            return run.strategy().isLast(status.step() - 1)
                    ? new Progress.Baking(run, canary())
                    : new Progress.Progressing(run, canary());
        }
        if (status.plan() == null) {
            return pending();
        }
        return timers.phaseSince() == null
                ? new Progress.Injecting(run())
                : new Progress.Observing(run(), instant("timers.phaseSince", timers.phaseSince()));
    }

    private Progress pending() {
        return new Progress.Pending(
                instant("timers.phaseSince", timers.phaseSince()),
                Optional.ofNullable(status.lastCandidate()).map(last -> limiter("lastCandidate", last)));
    }

    private Orders orders() {
        var standing = orNone(status.orders()).stream().map(Order::of).collect(Collectors.toUnmodifiableSet());
        return new Orders(standing, Optional.ofNullable(status.lastCommand()).map(StatusReader::command));
    }

    private static CommandNote command(CommandStatus note) {
        return new CommandNote(
                require("lastCommand.text", note.text()),
                CommandNote.Outcome.of(require("lastCommand.outcome", note.outcome())),
                require("lastCommand.message", note.message()),
                instant("lastCommand.at", note.at()));
    }

    private Rollback rollback() {
        return RollbackMapping.toRollback(require("lastRollback", status.lastRollback()));
    }

    private Limiter candidate() {
        return limiter("candidate", require("candidate", status.candidate()));
    }

    private static Limiter limiter(String field, LimiterStatus limiter) {
        return new Limiter(
                require(field + ".revision", limiter.revision()), require(field + ".limiter", limiter.limiter()));
    }

    private Run run() {
        PlanStatus plan = require("plan", status.plan());
        List<Step> steps = require("plan.steps", plan.steps()).stream()
                .map(StatusReader::step)
                .toList();
        Strategy strategy = new Strategy(KubernetesDuration.parse(require("plan.observe", plan.observe())), steps);
        return new Run(candidate(), strategy, instant("timers.armedAt", timers.armedAt()));
    }

    private static Step step(StepStatus step) {
        return new Step(
                require("plan.steps.weight", step.weight()),
                KubernetesDuration.parse(require("plan.steps.hold", step.hold())),
                MANUAL.equals(step.approval()));
    }

    private Canary canary() {
        Instant holdStartedAt = instant("timers.holdStartedAt", timers.holdStartedAt());
        return new Canary(
                require("step", status.step()) - 1,
                instant("timers.candidateSince", timers.candidateSince()),
                // Statuses of an earlier version do not have it.
                instant(timers.stepStartedAt()).orElse(holdStartedAt),
                holdStartedAt,
                baseline(require("baseline", status.baseline())));
    }

    private Optional<Armed> armed() {
        return Optional.ofNullable(status.previousStable())
                .map(previous -> new Armed(
                        limiter("previousStable", previous),
                        require("previousStable.promoted", previous.promoted()),
                        instant("timers.candidateSince", timers.candidateSince()),
                        baseline(require("baseline", status.baseline()))));
    }

    private static Baseline baseline(BaselineStatus baseline) {
        Map<Signal, Double> values = new HashMap<>();
        for (BaselineValue value : orNone(baseline.values())) {
            values.put(
                    Signal.of(require("baseline.values.name", value.name())),
                    decimal("baseline.values.value", value.value()));
        }
        return new Baseline(values, instant("baseline.frozenAt", baseline.frozenAt()));
    }

    private Timers timers() {
        String throttled = timers.stableThrottledRatio();
        return new Timers(
                instant(timers.evaluatedAt()),
                instant(timers.missingSince()),
                instant(timers.presentSince()),
                instant(timers.stalledSince()),
                throttled == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(decimal("timers.stableThrottledRatio", throttled)));
    }

    private static DecisionNote decision(DecisionStatus note) {
        return new DecisionNote(
                require("lastDecision.name", note.name()),
                require("lastDecision.reason", note.reason()),
                require("lastDecision.message", note.message()),
                instant("lastDecision.at", note.at()));
    }

    private static HistoryEntry history(HistoryStatus entry) {
        return new HistoryEntry(
                require("history.revision", entry.revision()),
                require("history.outcome", entry.outcome()),
                require("history.reason", entry.reason()),
                instant("history.at", entry.at()));
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
