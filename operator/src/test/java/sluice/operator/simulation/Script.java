package sluice.operator.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.operator.api.v1alpha1.CommandStatus;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.reconcile.PlanMapping;

/**
 * Whoever and whatever acts on the rollout from outside: by what status says, not by the clock, so that it acts at the same place of the
 * story however late faults have made it.
 */
final class Script {

    private static final long REFUSED_FOR = 15_000;

    private final Scenario scenario;
    private final World world;
    private boolean begun;
    private boolean done;
    private boolean answeredOnce;
    private boolean again;
    private String wish = "";
    private int nonce;

    Script(Scenario scenario, World world) {
        this.scenario = scenario;
        this.world = world;
    }

    /** Whether nothing more will come from outside. */
    boolean isDone() {
        return done;
    }

    void committed(RateLimitRolloutStatus before, RateLimitRolloutStatus after) {
        switch (scenario.kind()) {
            case HEALTHY, HOOK_FAILS, HOOK_HANGS, HOOK_NEVER_MADE -> done = true;
            case CANDIDATE_BREAKS ->
                atStep(after, () -> finish(() -> world.prometheus.candidateBreaks(revision(after))));
            case SERVICE_BREAKS ->
                once("Injecting".equals(after.phase()), () -> finish(() -> world.prometheus.serviceBreaks()));
            case SHORT_GAP -> atStep(after, () -> finish(() -> world.prometheus.gap(25_000)));
            case LONG_GAP -> atStep(after, () -> finish(() -> world.prometheus.gap(90_000)));
            case BLIND -> atStep(after, () -> finish(() -> world.prometheus.gap(Long.MAX_VALUE / 2)));
            case SPEC_CHANGES -> atStep(after, () -> finish(() -> world.api.changeSpec(scenario.changedSpec())));
            case ABORT -> insist("abort", after);
            case PAUSE -> pause(before, after);
            case PROMOTE -> insist("promote", after);
            case PROMOTE_FULL -> insist("promote-full", after);
            case APPROVE -> approve(before, after);
            case RETRY -> retry(before, after);
            case SUSPEND -> suspend(before, after);
            case MAINTENANCE -> maintain(before, after);
            case SCALE -> atStep(after, () -> finish(() -> world.workload.scale(3)));
            case SECOND_BREAKS -> secondBreaks(after);
            case DELETE -> atStep(after, () -> finish(() -> world.workload.delete()));
            case HOOK_MADE_LATE ->
                atStep(after, () -> world.time.after(REFUSED_FOR, () -> finish(() -> world.jobs.cure())));
            case HOOK_RETRIED ->
                answerFailure(before, after, () -> {
                    world.jobs.cure();
                    command("retry", after);
                });
            case HOOK_SKIPPED -> answerFailure(before, after, () -> command("skip-hook", after));
        }
    }

    private void atStep(RateLimitRolloutStatus status, Runnable action) {
        once(isAtStep(status), action);
    }

    private void once(boolean there, Runnable action) {
        if (there && !begun) {
            begun = true;
            action.run();
        }
    }

    private void finish(Runnable action) {
        // A service breaks before anybody is exposed, or it is the candidate that breaks.
        var delay = scenario.kind() == Scenario.Kind.SERVICE_BREAKS ? 400L : 1000L;
        world.time.after(scenario.delaySeconds() * delay, () -> {
            world.time.note(() -> "--- " + scenario.kind());
            action.run();
            done = true;
        });
    }

    private boolean isAtStep(RateLimitRolloutStatus status) {
        return scenario.weights().get(scenario.step()).equals(status.weight())
                && List.of("Progressing", "Baking").contains(String.valueOf(status.phase()));
    }

    private void command(String verb, RateLimitRolloutStatus status) {
        wish = "%s@%s/%d".formatted(verb, revision(status), nonce++);
        world.time.note(() -> "--- " + wish);
        world.api.edit(rollout -> {
            Map<String, String> annotations = new HashMap<>(
                    Optional.ofNullable(rollout.getMetadata().getAnnotations()).orElse(Map.of()));
            annotations.put(PlanMapping.COMMAND, wish);
            rollout.getMetadata().setAnnotations(annotations);
            return rollout;
        });
    }

    private static String revision(RateLimitRolloutStatus status) {
        return Optional.ofNullable(status.candidate())
                .or(() -> Optional.ofNullable(status.stable()))
                .map(LimiterStatus::revision)
                .orElse("");
    }

    /** Says it at the step, and again at the step when it was ignored because something came between. */
    private void insist(String verb, RateLimitRolloutStatus status) {
        var answer = answer(status);
        if (answer.equals("Done")) {
            done = true;
        }
        if (isAtStep(status) && (!begun || (answer.equals("Ignored") && !done))) {
            begun = true;
            wish = "";
            world.time.after(scenario.delaySeconds() * 1000L, () -> command(verb, status));
        }
        if ("Promoted".equals(status.phase())) {
            done = true;
        }
    }

    private String answer(RateLimitRolloutStatus status) {
        return Optional.ofNullable(status.lastCommand())
                .filter(command -> wish.equals(command.text()))
                .map(CommandStatus::outcome)
                .orElse("");
    }

    private void pause(RateLimitRolloutStatus before, RateLimitRolloutStatus after) {
        insistOnPause(after);
        if (isNewly("Paused", before, after) && !answeredOnce) {
            answeredOnce = true;
            world.time.after(15_000, () -> {
                command("resume", after);
                again = true;
            });
        }
        if (again && !"Paused".equals(after.phase())) {
            done = true;
        }
    }

    private void insistOnPause(RateLimitRolloutStatus status) {
        if (isAtStep(status) && !begun) {
            begun = true;
            world.time.after(scenario.delaySeconds() * 1000L, () -> command("pause", status));
        }
        if ("Promoted".equals(status.phase())) {
            done = true;
        }
    }

    private void approve(RateLimitRolloutStatus before, RateLimitRolloutStatus after) {
        if (waits(after) && !waits(before)) {
            world.time.after(scenario.delaySeconds() * 1000L, () -> command("promote", after));
        }
        done = "Promoted".equals(after.phase());
    }

    private static boolean waits(RateLimitRolloutStatus status) {
        return status != null
                && Optional.ofNullable(status.orders()).orElse(List.of()).contains("AwaitingApproval");
    }

    private void retry(RateLimitRolloutStatus before, RateLimitRolloutStatus after) {
        once(isAtStep(after), () -> world.prometheus.candidateBreaks(revision(after)));
        if (isNewly("RolledBack", before, after)) {
            world.time.after(20_000, () -> {
                world.prometheus.heal();
                command("retry", after);
            });
        }
        done = "Promoted".equals(after.phase());
    }

    private void suspend(RateLimitRolloutStatus before, RateLimitRolloutStatus after) {
        if (isAtStep(after) && !begun) {
            begun = true;
            world.time.after(scenario.delaySeconds() * 1000L, () -> world.api.changeSpec(scenario.suspendedSpec()));
        }
        if (isNewly("Suspended", before, after) || (begun && isNewly("Promoted", before, after))) {
            finish(() -> world.api.changeSpec(scenario.spec()));
        }
    }

    private void maintain(RateLimitRolloutStatus before, RateLimitRolloutStatus after) {
        if (isAtStep(after) && !begun) {
            begun = true;
            world.time.after(scenario.delaySeconds() * 1000L, () -> world.api.changeSpec(scenario.closedSpec()));
        }
        if (before != null && before.maintenance() == null && after.maintenance() != null) {
            finish(() -> world.api.changeSpec(scenario.spec()));
        }
    }

    private void secondBreaks(RateLimitRolloutStatus after) {
        if ("Promoted".equals(after.phase()) && !again) {
            again = true;
            world.time.after(10_000, () -> world.api.changeSpec(scenario.changedSpec()));
        }
        if (again && isAtStep(after)) {
            atStep(after, () -> finish(() -> world.prometheus.candidateBreaks(revision(after))));
        }
    }

    private void answerFailure(RateLimitRolloutStatus before, RateLimitRolloutStatus after, Runnable answer) {
        if (hookHasFailed(after) && !hookHasFailed(before)) {
            world.time.after(scenario.delaySeconds() * 1000L, answer);
        }
        done = "Promoted".equals(after.phase());
    }

    private static boolean hookHasFailed(RateLimitRolloutStatus status) {
        return HookInvariants.hooks(status).stream().anyMatch(hook -> "Failed".equals(hook.outcome()));
    }

    private static boolean isNewly(String phase, RateLimitRolloutStatus before, RateLimitRolloutStatus after) {
        return phase.equals(after.phase()) && (before == null || !phase.equals(before.phase()));
    }
}
