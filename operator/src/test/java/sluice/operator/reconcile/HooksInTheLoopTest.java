package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people are told of hooks that do not succeed. */
class HooksInTheLoopTest {

    private static KubernetesClientException forbidden() {
        return new KubernetesClientException(
                "POST",
                403,
                new StatusBuilder().withMessage("jobs.batch is forbidden").build());
    }

    private static void look(TestLoop loop) {
        loop.now = loop.now.plusSeconds(10);
        loop.turn();
    }

    private static void lookUntil(TestLoop loop, String outcome) {
        for (int i = 0; i < 100 && !outcomes(loop).contains(outcome); i++) {
            look(loop);
        }
        assertThat(outcomes(loop)).contains(outcome);
    }

    private static List<String> outcomes(TestLoop loop) {
        return Optional.ofNullable(loop.status())
                .flatMap(status -> Optional.ofNullable(status.hooks()))
                .orElse(List.of())
                .stream()
                .map(hook -> String.valueOf(hook.outcome()))
                .toList();
    }

    private static String stalled(TestLoop loop) {
        return loop.condition("Stalled").orElseThrow().getReason();
    }

    @Test
    void aSecondTimeoutOfTheSameHookIsToldLikeTheFirst() {
        var loop = new TestLoop(
                TestLoop.TOLD + "hooks: [{name: smoke, when: BeforeRollout, image: curl, timeout: 10s}]\n");
        lookUntil(loop, "Failed");
        var stable = Optional.ofNullable(loop.status().stable()).orElseThrow();
        loop.say("retry@" + stable.revision() + "/1");
        lookUntil(loop, "Running");
        lookUntil(loop, "Failed");
        look(loop);

        assertThat(loop.world.reasons()).filteredOn("HookFailed"::equals).hasSize(2);
        assertThat(loop.notifier.headlines())
                .filteredOn(line -> line.endsWith("a hook has failed"))
                .hasSize(2);
    }

    /** SluiceRolloutStuck asks for it: a hook may run for longer than that alert waits. */
    @Test
    void aHookBeforeTheRolloutThatRunsIsProgress() {
        var loop = new TestLoop(
                TestLoop.SPEC + "hooks: [{name: smoke, when: BeforeRollout, image: curl, timeout: 10m}]\n");
        lookUntil(loop, "Running");
        look(loop);

        assertThat(loop.phase()).isEqualTo("Pending");
        assertThat(loop.condition("Progressing").orElseThrow()).satisfies(progressing -> {
            assertThat(progressing.getStatus()).isEqualTo("True");
            assertThat(progressing.getMessage()).contains("hook smoke");
        });
        lookUntil(loop, "Failed");
        assertThat(loop.condition("Progressing").orElseThrow().getStatus()).isEqualTo("False");
    }

    @Test
    void ofTwoHooksTheRefusedOneIsNamed() {
        var loop = new TestLoop(
                TestLoop.SPEC
                        + "hooks: [{name: first, when: BeforeRollout, image: curl}, {name: second, when: BeforeRollout, image: curl}]\n");
        loop.turn();
        loop.world
                .jobs
                .values()
                .removeIf(job -> "second".equals(job.getMetadata().getLabels().get(HookJob.LABEL)));
        loop.world.jobRefusal = forbidden();
        look(loop);
        look(loop);

        var hooks = loop.condition("HooksSucceeded").orElseThrow();
        assertThat(hooks.getReason()).isEqualTo("HookJobRefused");
        assertThat(hooks.getMessage()).contains("hook second", "jobs.batch is forbidden");
        assertThat(stalled(loop)).isEqualTo("HookJobRefused");
    }

    @Test
    void aRightThatIsTakenAwayEndsNoRolloutOnItsWay() {
        var loop = new TestLoop(TestLoop.SPEC.replace("stopLoss: {", "stopLoss: {progressDeadline: 1m, ")
                + "hooks: [{name: smoke, when: AfterStep, image: curl}]\n");
        loop.passUntil("Progressing");
        loop.world.runsHooks = false;
        loop.world.jobRefusal = forbidden();
        lookUntil(loop, "Running");
        look(loop);
        assertThat(stalled(loop)).isEqualTo("HookJobRefused");

        loop.pass(Duration.ofMinutes(10));
        assertThat(stalled(loop)).isEqualTo("HookFailed");
        assertThat(loop.phase()).isEqualTo("Progressing");
    }

    @Test
    void aFailureAfterThePromotionNeedsAttentionUntilSomebodySkipsIt() {
        var loop = new TestLoop(
                TestLoop.SPEC + "hooks: [{name: smoke, when: AfterPromotion, image: curl, timeout: 10s}]\n");
        loop.passUntil("Promoted");
        lookUntil(loop, "Failed");
        look(loop);

        assertThat(stalled(loop)).isEqualTo("HookFailed");
        assertThat(loop.condition("Ready").orElseThrow().getStatus()).isEqualTo("True");

        var stable = Optional.ofNullable(loop.status().stable()).orElseThrow();
        loop.say("skip-hook@" + stable.revision() + "/1");
        look(loop);
        assertThat(stalled(loop)).isEqualTo("NotStalled");
    }

    @Test
    void aFailureAfterARollbackIsWhatNeedsAttention() {
        var loop = new TestLoop(
                TestLoop.SPEC + "hooks: [{name: smoke, when: AfterRollback, image: curl, timeout: 10s}]\n");
        loop.passUntil("Progressing");
        var candidate = Optional.ofNullable(loop.status().candidate()).orElseThrow();
        loop.say("abort@" + candidate.revision() + "/1");
        loop.passUntil("RolledBack");
        assertThat(stalled(loop)).isEqualTo("Abort");
        lookUntil(loop, "Failed");
        look(loop);

        assertThat(stalled(loop)).isEqualTo("HookFailed");
        assertThat(loop.condition("Ready").orElseThrow().getReason()).isEqualTo("Abort");
    }
}
