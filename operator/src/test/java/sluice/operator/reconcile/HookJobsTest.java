package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
        var candidate = Optional.ofNullable(loop.status().candidate()).orElseThrow();
        loop.say("abort@" + candidate.revision() + "/1");
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

    @Test
    void aJobThatHasEndedIsKeptForItsLog() {
        var loop = loop(IN_STEPS);
        loop.passUntil("Progressing");
        steps(loop, 2);
        loop.world.end("Failed");
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

    @Test
    void theJobIsBoundedOwnedAndRestricted() {
        var loop = loop(TestLoop.SPEC + """
                hooks:
                - {name: smoke, when: BeforeRollout, image: curl, command: [sh, -c], args: [run], scripts: smoke-suite, timeout: 90s,
                   env: [{name: URL, value: "http://$(HOST)"}, {name: TOKEN, secretKeyRef: {name: seeds, key: student}}]}
                """);
        loop.turn();
        Job job = loop.world.started.getFirst();
        assertThat(job.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("6f0c"));
        assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(90);
        assertThat(job.getSpec().getBackoffLimit()).isZero();
        assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(86_400);
        var pod = job.getSpec().getTemplate();
        assertThat(pod.getMetadata().getLabels()).doesNotContainKey(TargetLabel.KEY);
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSpec().getServiceAccountName()).isNull();
        var container = pod.getSpec().getContainers().getFirst();
        assertThat(container.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getEnv()).anySatisfy(each -> {
            assertThat(each.getName()).isEqualTo("URL");
            assertThat(each.getValue()).isEqualTo("http://$$(HOST)");
        });
        assertThat(container.getEnv()).extracting(each -> each.getName()).contains("SLUICE_REVISION", "SLUICE_WEIGHT");
        assertThat(container.getVolumeMounts())
                .extracting(each -> each.getMountPath())
                .contains("/etc/sluice/hook");
    }

    @Test
    void theJobsNameFitsIntoALabel() {
        var name = HookJob.name("r".repeat(52), "h".repeat(20), new TestLoop(BEFORE).now);
        assertThat(name).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    }
}
