package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.BaselineStatus;
import sluice.operator.api.v1alpha1.BaselineValue;
import sluice.operator.api.v1alpha1.CommandStatus;
import sluice.operator.api.v1alpha1.DecisionStatus;
import sluice.operator.api.v1alpha1.HistoryStatus;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.Maintenance;
import sluice.operator.api.v1alpha1.PlanStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.SidecarsStatus;
import sluice.operator.api.v1alpha1.StepStatus;
import sluice.operator.api.v1alpha1.TimersStatus;
import sluice.operator.rollout.Armed;
import sluice.operator.rollout.Baseline;
import sluice.operator.rollout.CommandNote;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.HistoryEntry;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Order;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Run;
import sluice.operator.rollout.Sentences;
import sluice.operator.rollout.Sidecars;
import sluice.operator.rollout.Strategy;

/** Writes a state down. */
final class StatusWriter {
    private final RolloutState state;
    private final Instant now;
    private final Optional<Run> run;
    private final Optional<Progress.Exposed> exposed;
    private final Optional<Armed> armed;

    StatusWriter(RolloutState state, Instant now) {
        this.state = state;
        this.now = now;
        this.run = state.progress() instanceof Progress.Running running ? Optional.of(running.run()) : Optional.empty();
        this.exposed = state.progress() instanceof Progress.Exposed where ? Optional.of(where) : Optional.empty();
        this.armed = state.progress() instanceof Progress.Promoted promoted ? promoted.armed() : Optional.empty();
    }

    RateLimitRolloutStatus status(
            List<Finding> findings, Sidecars sidecars, long generation, List<Condition> conditions) {
        return new RateLimitRolloutStatus(
                generation,
                state.phase().text(),
                List.copyOf(conditions),
                limiter(state.stable(), state.stablePromoted()),
                state.candidate().map(candidate -> limiter(candidate, null)).orElse(null),
                state.progress() instanceof Progress.Pending pending
                        ? pending.last().map(last -> limiter(last, null)).orElse(null)
                        : null,
                armed.map(it -> limiter(it.previousStable(), it.previousPromoted()))
                        .orElse(null),
                state.weight(),
                state.epoch(),
                exposed.map(where -> where.canary().step() + 1).orElse(null),
                exposed.map(StatusWriter::stepText).orElse(null),
                nextIn(),
                findings.stream().findFirst().map(Sentences::of).orElse(null),
                counts(sidecars),
                state.injectionWanted(),
                run.map(Run::strategy).map(StatusWriter::plan).orElse(null),
                timers(),
                orders(),
                state.orders().last().map(StatusWriter::command).orElse(null),
                findings.stream().map(FindingMapping::toStatus).toList(),
                exposed.map(where -> where.canary().baseline())
                        .or(() -> armed.map(Armed::baseline))
                        .map(StatusWriter::baseline)
                        .orElse(null),
                state.maintenance()
                        .map(wait -> new Maintenance(true, StatusText.of(wait)))
                        .orElse(null),
                state.lastDecision().map(StatusWriter::decision).orElse(null),
                // Told by DecisionTrail, from what was written before.
                null,
                state.lastRollback().map(RollbackMapping::toStatus).orElse(null),
                state.history().stream().map(StatusWriter::history).toList(),
                HookMapping.toStatus(state.hooks()),
                // What people must hear of is no part of the state: see StatusOutbox.
                null,
                null,
                null);
    }

    private static LimiterStatus limiter(Limiter limiter, @Nullable Boolean promoted) {
        return new LimiterStatus(limiter.revision(), limiter.text(), promoted);
    }

    static SidecarsStatus counts(Sidecars sidecars) {
        return new SidecarsStatus(sidecars.desired(), sidecars.injected(), sidecars.connected(), sidecars.inSync());
    }

    private static String stepText(Progress.Exposed where) {
        return "%d/%d"
                .formatted(
                        where.canary().step() + 1,
                        where.run().strategy().steps().size());
    }

    private @Nullable String nextIn() {
        return state.nextAt()
                .map(at -> Duration.ofSeconds(
                        Math.max(0, Duration.between(now, at).plusMillis(999).toSeconds())))
                .map(StatusText::of)
                .orElse(null);
    }

    private static PlanStatus plan(Strategy strategy) {
        List<StepStatus> steps = strategy.steps().stream()
                .map(step -> new StepStatus(
                        step.weight(), StatusText.of(step.hold()), step.manual() ? StatusReader.MANUAL : null))
                .toList();
        return new PlanStatus(StatusText.of(strategy.observe()), steps);
    }

    private @Nullable List<String> orders() {
        var standing =
                state.orders().standing().stream().sorted().map(Order::text).toList();
        return standing.isEmpty() ? null : standing;
    }

    private static CommandStatus command(CommandNote note) {
        return new CommandStatus(note.text(), note.outcome().text(), note.message(), StatusText.of(note.at()));
    }

    private TimersStatus timers() {
        var timers = state.timers();
        return new TimersStatus(
                StatusText.of(phaseSince()),
                StatusText.of(run.map(Run::armedAt)),
                StatusText.of(exposed.map(where -> where.canary().since()).or(() -> armed.map(Armed::since))),
                StatusText.of(exposed.map(where -> where.canary().stepStartedAt())),
                StatusText.of(exposed.map(where -> where.canary().holdStartedAt())),
                StatusText.of(timers.evaluatedAt()),
                StatusText.of(timers.missingSince()),
                StatusText.of(timers.presentSince()),
                StatusText.of(timers.stalledSince()),
                timers.stableThrottled().isPresent()
                        ? StatusText.of(timers.stableThrottled().getAsDouble())
                        : null);
    }

    private Optional<Instant> phaseSince() {
        return switch (state.progress()) {
            case Progress.Pending pending -> Optional.of(pending.since());
            case Progress.Observing observing -> Optional.of(observing.since());
            case Progress.Promoted promoted -> Optional.of(promoted.at());
            case Progress.Injecting _, Progress.Exposed _, Progress.RollingBack _, Progress.RolledBack _ ->
                Optional.empty();
        };
    }

    private static BaselineStatus baseline(Baseline baseline) {
        List<BaselineValue> values = baseline.values().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().text()))
                .map(entry -> new BaselineValue(entry.getKey().text(), StatusText.of(entry.getValue())))
                .toList();
        return new BaselineStatus(StatusText.of(baseline.frozenAt()), values);
    }

    private static DecisionStatus decision(DecisionNote note) {
        return new DecisionStatus(note.name(), note.reason(), note.message(), StatusText.of(note.at()));
    }

    private static HistoryStatus history(HistoryEntry entry) {
        return new HistoryStatus(entry.revision(), entry.outcome(), entry.reason(), StatusText.of(entry.at()));
    }
}
