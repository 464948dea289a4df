package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.operator.api.v1alpha1.HookStatus;

/** The Jobs of hooks, over a world in memory. */
class HookJobsTest {

    private static final String BEFORE =
            TestLoop.SPEC + "hooks: [{name: smoke, when: BeforeRollout, image: curl, retries: 1}]\n";
    private static final String IN_STEPS = TestLoop.SPEC
            + "hooks: [{name: smoke, when: AfterStep, image: curl}, {name: back, when: AfterRollback, image: curl}]\n";

    private static TestLoop loop(String spec) {
        return new TestLoop(spec);
    }

    private static Condition condition(TestLoop loop, String type) {
        return loop.condition(type).orElseThrow();
    }

    private static HookStatus hook(TestLoop loop) {
        return Optional.ofNullable(loop.status().hooks()).orElse(List.of()).getFirst();
    }

    private static void abort(TestLoop loop) {
        say(loop, "abort");
    }

    private static void say(TestLoop loop, String verb) {
        var candidate = Optional.ofNullable(loop.status().candidate()).orElseThrow();
        loop.say(verb + "@" + candidate.revision() + "/1");
    }

    private static void steps(TestLoop loop, int turns) {
        for (int i = 0; i < turns; i++) {
            loop.now = loop.now.plusSeconds(10);
            loop.turn();
        }
    }

    @Test
    void aJobIsMadeWhenThatIsCommittedAndItsSuccessLetsTheRolloutBegin() {
        var loop = loop(BEFORE);
        loop.turn();
        assertThat(loop.phase()).isEqualTo("Pending");
        assertThat(hook(loop).outcome()).isEqualTo("Running");
        assertThat(condition(loop, "HooksSucceeded").getReason()).isEqualTo("HookRunning");
        steps(loop, 5);
        assertThat(loop.world.started).hasSize(1);
        loop.world.end("Complete");
        steps(loop, 1);
        assertThat(hook(loop).outcome()).isEqualTo("Passed");
        steps(loop, 1);
        assertThat(loop.phase()).isEqualTo("Injecting");
        assertThat(loop.world.reasons()).contains("HookStarted", "HookSucceeded");
    }

    @ParameterizedTest
    @EnumSource(TestLoop.Crash.class)
    void aCrashMakesNoSecondJob(TestLoop.Crash crash) {
        var loop = loop(BEFORE);
        loop.turn(crash);
        steps(loop, 3);
        loop.restart();
        steps(loop, 3);
        assertThat(loop.world.started).hasSize(1);
    }

    @Test
    void aFailedOneIsToldWithWhereItsLogIs() {
        var loop = loop(BEFORE);
        loop.turn();
        loop.world.end("Failed");
        steps(loop, 1);
        var job = loop.world.started.getFirst().getMetadata().getName();
        assertThat(condition(loop, "Stalled").getStatus()).isEqualTo("True");
        assertThat(condition(loop, "Stalled").getReason()).isEqualTo("HookFailed");
        assertThat(condition(loop, "Stalled").getMessage())
                .contains("hook smoke failed: BackoffLimitExceeded", "kubectl logs -n apps job/" + job, "skip-hook");
        assertThat(condition(loop, "HooksSucceeded").getStatus()).isEqualTo("False");
        assertThat(loop.world.reasons()).containsOnlyOnce("HookFailed");
    }

    @Test
    void aLongReasonIsCutAndAMissingOneLeftOut() {
        var loop = loop(BEFORE);
        loop.turn();
        loop.world.end("Failed");
        var end = loop.world.started.getFirst().getStatus().getConditions().getFirst();
        end.setReason(null);
        end.setMessage("x".repeat(5_000));
        steps(loop, 1);
        assertThat(hook(loop).message())
                .startsWith("xxx")
                .contains("(kubectl logs")
                .hasSizeLessThan(1_000);
    }

    @Test
    void oneThatNobodyEndsNamesItsJobWhichIsKeptUntilItRunsAgain() {
        var loop = loop(IN_STEPS);
        loop.passUntil("Progressing");
        steps(loop, 40);
        var job = loop.world.started.getFirst().getMetadata().getName();
        assertThat(hook(loop).message()).isEqualTo("no result within 300 s (kubectl logs -n apps job/" + job + ")");
        assertThat(loop.world.jobs).containsOnlyKeys(job);
        say(loop, "retry");
        steps(loop, 3);
        assertThat(loop.world.started).hasSize(2);
        assertThat(loop.world.jobs).hasSize(1).doesNotContainKey(job);
    }

    @Test
    void afterARestartNoneIsMadeWhoseTimeIsOver() {
        var loop = loop(BEFORE);
        loop.turn(TestLoop.Crash.AFTER_COMMIT);
        assertThat(hook(loop).outcome()).isEqualTo("Running");
        loop.now = loop.now.plus(Duration.ofSeconds(310));
        steps(loop, 3);
        assertThat(hook(loop).message()).isEqualTo("no result within 300 s");
        assertThat(loop.world.attempts).isEmpty();
    }

    @Test
    void afterARestartNoneIsMadeThatIsNotWantedAMomentLater() {
        var loop = loop(IN_STEPS);
        loop.passUntil("Progressing");
        for (int i = 0; i < 5 && !"Running".equals(hook(loop).outcome()); i++) {
            loop.turn(TestLoop.Crash.AFTER_COMMIT);
        }
        assertThat(hook(loop).outcome()).isEqualTo("Running");
        abort(loop);
        steps(loop, 1);
        assertThat(loop.phase()).isEqualTo("RollingBack");
        assertThat(loop.world.attempts).isEmpty();
    }

    @Test
    void aFailedOneIsToldOnceToTheChannel() {
        var loop = loop(BEFORE + "notifications: {slack: {channel: '#oncall'}}\n");
        loop.turn();
        loop.world.end("Failed");
        steps(loop, 4);
        assertThat(loop.notifier.headlines()).containsExactly("apps/scholarship-api: a hook has failed");
        assertThat(loop.notifier.texts().getFirst()).contains("sluice.dev/command=skip-hook@");
    }

    @Test
    void aRefusedJobIsACondition() {
        var loop = loop(BEFORE);
        loop.world.jobRefusal = new KubernetesClientException(
                "POST",
                403,
                new StatusBuilder().withMessage("exceeded quota: jobs").build());
        steps(loop, 2);
        assertThat(condition(loop, "Stalled").getReason()).isEqualTo("HookJobRefused");
        assertThat(condition(loop, "Stalled").getMessage()).contains("cannot be created: exceeded quota: jobs");
        assertThat(loop.world.reasons()).contains("HookJobRefused");
        loop.world.jobRefusal = null;
        steps(loop, 2);
        assertThat(condition(loop, "Stalled").getReason()).isEqualTo("NotStalled");
        assertThat(loop.world.started).hasSize(1);
    }

    @Test
    void refusedOnesTakeTurnsWithOneAttemptInEach() {
        var hook = "{name: %s, when: BeforeRollout, image: curl}";
        var loop = loop(TestLoop.SPEC
                + "hooks: [%s, %s, %s]\n".formatted(hook.formatted("a"), hook.formatted("b"), hook.formatted("c")));
        loop.world.jobRefusal = new KubernetesClientException("timed out");
        steps(loop, 3);
        assertThat(loop.world.attempts).hasSize(3).doesNotHaveDuplicates();
        steps(loop, 1);
        assertThat(loop.world.attempts).hasSize(4).endsWith(loop.world.attempts.getFirst());
        loop.world.jobRefusal = null;
        steps(loop, 1);
        assertThat(loop.world.started).hasSize(3);
    }

    @Test
    void anOperatorThatMayNotRunJobsNamesTheFix() {
        var loop = loop(BEFORE);
        loop.world.runsHooks = false;
        loop.turn();
        assertThat(condition(loop, "Stalled").getReason()).isEqualTo("HooksNotAllowed");
        assertThat(condition(loop, "Stalled").getMessage()).contains("hooks.enabled");
        assertThat(loop.world.started).isEmpty();
    }

    @Test
    void anAbortStopsTheJobAndTheRollbacksOwnRunsAfterIt() {
        var loop = loop(IN_STEPS);
        loop.passUntil("Progressing");
        steps(loop, 2);
        assertThat(loop.world.started).hasSize(1);
        abort(loop);
        steps(loop, 1);
        assertThat(loop.phase()).isEqualTo("RollingBack");
        assertThat(loop.world.jobs).isEmpty();
        loop.passUntil("RolledBack");
        steps(loop, 1);
        assertThat(loop.world.jobs.values())
                .singleElement()
                .satisfies(job -> assertThat(job.getMetadata().getLabels()).containsEntry(HookJob.LABEL, "back"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Failed", "FailureTarget"})
    void aJobThatHasEndedOrIsAboutToIsKeptForItsLog(String condition) {
        var loop = loop(IN_STEPS);
        loop.passUntil("Progressing");
        steps(loop, 2);
        loop.world.end(condition);
        abort(loop);
        steps(loop, 2);
        assertThat(loop.world.jobs).hasSize(1);
    }

    @Test
    void aJobIsNotStoppedByWhoHasNotHeardOfItYet() {
        var loop = loop(BEFORE);
        loop.world.runsHooks = false;
        loop.turn();
        var old = loop.rollout.getStatus();
        loop.world.runsHooks = true;
        loop.now = loop.now.plus(Duration.ofSeconds(10));
        loop.turn();
        assertThat(loop.world.jobs).hasSize(1);
        var later = loop.rollout.getStatus();
        loop.rollout.setStatus(old);
        var stale = CommittedState.of(loop.rollout).orElseThrow();
        new HookJobs(loop.world)
                .keep(
                        new Committed(loop.rollout, stale, loop.world.workload(), 2, Duration.ofMinutes(2)),
                        loop.now,
                        () -> loop.world);
        assertThat(loop.world.jobs).hasSize(1);
        loop.rollout.setStatus(later);
    }

    @Test
    void aDeletedRolloutStopsItsJobs() {
        var loop = loop(IN_STEPS);
        loop.passUntil("Progressing");
        steps(loop, 2);
        assertThat(loop.farewell()).isPresent();
        assertThat(loop.world.jobs).isEmpty();
    }
}
