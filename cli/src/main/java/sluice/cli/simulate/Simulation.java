package sluice.cli.simulate;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import sluice.operator.rollout.Command;
import sluice.operator.rollout.CommandNote;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.HookRun;
import sluice.operator.rollout.HookSeen;
import sluice.operator.rollout.Instructions;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Observation;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutDecider;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sidecars;

/** The operator's own decision core over a recording, evaluated as the operator would: every interval, and again at once after a decision. */
final class Simulation {
    /** Any time does: decisions depend on differences only. */
    private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

    private static final Sidecars IN_SYNC = new Sidecars(1, 1, 1, 1);
    private static final Sidecars GONE = new Sidecars(1, 0, 0, 0);
    /** More decisions than this never follow from one another without time passing. */
    private static final int MOST_AT_ONCE = 10;

    private final RolloutPlan plan;
    private final Recording recording;
    private final RecordedSignals signals;
    private final Queue<TimedCommand> commands;
    private final Story story;
    private final Consumer<String> remarks;
    private RolloutState state;
    private Optional<Command> command = Optional.empty();
    private int typed;

    Simulation(
            RolloutPlan plan,
            Recording recording,
            List<TimedCommand> commands,
            Consumer<String> lines,
            Consumer<String> remarks) {
        this.plan = plan;
        this.recording = recording;
        this.signals = new RecordedSignals(plan, recording, START);
        this.commands = new ArrayDeque<>(commands);
        this.story = new Story(START, lines);
        this.remarks = remarks;
        this.state = RolloutState.injected(plan.initialStable(), START);
    }

    /** Evaluates from second 0 to the last sample, telling every change and in the end the outcome. */
    void run() {
        Duration interval = plan.stopLoss().interval();
        Duration last = Duration.ofMillis(recording.lastMillis());
        int at = 0;
        for (Duration t = Duration.ZERO; t.compareTo(last) <= 0; t = t.plus(interval)) {
            turn(at++, START.plus(t));
        }
        Duration end = interval.multipliedBy(Math.max(0, at - 1));
        story.end(state, START.plus(end));
        tellWhatCameTooLate(end.toMillis());
    }

    private void tellWhatCameTooLate(long end) {
        if (recording.lastMillis() > end) {
            remarks.accept("samples after second %s, the last evaluation, are not looked at".formatted(seconds(end)));
        }
        commands.forEach(late -> remarks.accept("%s at second %s comes after the last evaluation and does nothing"
                .formatted(late.verb().text(), seconds(late.millis()))));
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
    }

    private void turn(int at, Instant now) {
        if (at == 0) {
            // What is typed at the start is about a rollout that has started.
            settle(at, now);
        }
        long millis = Duration.between(START, now).toMillis();
        while (!commands.isEmpty() && commands.element().millis() <= millis) {
            TimedCommand next = commands.remove();
            type(next);
            settle(at, now);
            tellIfIgnored(next);
        }
        settle(at, now);
    }

    private void tellIfIgnored(TimedCommand typed) {
        state.orders()
                .last()
                .filter(note -> note.outcome() != CommandNote.Outcome.DONE)
                .ifPresent(note -> remarks.accept("%s at second %s is ignored: %s"
                        .formatted(typed.verb().text(), seconds(typed.millis()), note.message())));
    }

    private void type(TimedCommand next) {
        Limiter atRest = state.progress() instanceof Progress.Pending ? plan.candidate() : state.stable();
        String revision = state.candidate().orElse(atRest).revision();
        command = Optional.of(Command.parse("%s@%s/%d".formatted(next.verb().text(), revision, ++typed)));
    }

    // As the operator does: a decision is followed by another look at once.
    private void settle(int at, Instant now) {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            Evaluation evaluation = evaluate(at, now);
            state = evaluation.next().committedAt(now);
            story.tell(evaluation, now);
            if (evaluation.decision() instanceof Decision.Hold) {
                return;
            }
        }
    }

    // What a rollback takes out is gone at once, as what is injected is there at once.
    private Sidecars sidecars() {
        return state.progress() instanceof Progress.RollingBack && !state.injectionWanted() ? GONE : IN_SYNC;
    }

    // A recording does not know how hooks end: they succeed.
    private Map<HookRun, HookSeen> hooks() {
        return state.hooks().stream()
                .filter(run -> run.outcome() instanceof HookRun.Outcome.Running)
                .collect(Collectors.toMap(run -> run, _ -> new HookSeen.Succeeded()));
    }

    private Evaluation evaluate(int at, Instant now) {
        RolloutPlan instructed = new RolloutPlan(
                plan.candidate(),
                plan.initialStable(),
                plan.strategy(),
                plan.stopLoss(),
                plan.gates(),
                new Instructions(
                        plan.instructions().suspended(), plan.instructions().maintenance(), command),
                plan.hooks());
        Observation observation =
                new Observation(sidecars(), signals.at(at, state, now, START), List.of(), false, hooks());
        return RolloutDecider.decide(instructed, state, observation, now);
    }
}
