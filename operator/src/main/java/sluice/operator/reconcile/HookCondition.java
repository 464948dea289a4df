package sluice.operator.reconcile;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import sluice.operator.rollout.HookRun;
import sluice.operator.rollout.Observation;

/** The condition {@code HooksSucceeded}, of a rollout that is at a place with hooks. */
final class HookCondition {

    private static final String TYPE = "HooksSucceeded";

    private HookCondition() {}

    static void add(List<HookRun> runs, Observation observation, ConditionList list) {
        var failed = first(runs, run -> run.outcome() instanceof HookRun.Outcome.Failed);
        var waiting = first(
                runs,
                run -> run.outcome() instanceof HookRun.Outcome.Due
                        || run.outcome() instanceof HookRun.Outcome.Running);
        var refused =
                runs.stream().flatMap(run -> observation.refusal(run).stream()).findFirst();
        if (failed.isPresent()) {
            list.add(TYPE, "False", "HookFailed", failed.get().sentence());
        } else if (refused.isPresent()) {
            list.add(TYPE, "Unknown", "HookJobRefused", refused.get());
        } else if (waiting.isPresent()) {
            list.add(TYPE, "Unknown", "HookRunning", waiting.get().sentence());
        } else if (!runs.isEmpty()) {
            list.add(TYPE, "True", "HooksSucceeded", "every hook has succeeded, or was skipped by somebody");
        }
    }

    private static Optional<HookRun> first(List<HookRun> runs, Predicate<HookRun> wanted) {
        return runs.stream().filter(wanted).findFirst();
    }
}
