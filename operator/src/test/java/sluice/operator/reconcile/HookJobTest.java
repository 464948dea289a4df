package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a hook's Job is, as the loop makes it in a world in memory. */
class HookJobTest {

    private static final String BEFORE = TestLoop.SPEC + "hooks: [{name: smoke, when: BeforeRollout, image: curl}]\n";

    @Test
    void theJobIsBoundedOwnedAndRestricted() {
        var loop = new TestLoop(TestLoop.SPEC + """
                hooks:
                - {name: smoke, when: BeforeRollout, image: curl, command: [sh, -c], args: [run], scripts: smoke-suite, timeout: 90s,
                   env: [{name: URL, value: "http://$(HOST)/$$1"}, {name: TOKEN, secretKeyRef: {name: seeds, key: student}}]}
                """);
        loop.turn();
        Job job = loop.world.started.getFirst();
        assertThat(job.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("6f0c"));
        assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(105);
        assertThat(job.getSpec().getBackoffLimit()).isZero();
        // A pod that its node has lost says nothing of what it was to check.
        assertThat(job.getSpec().getPodFailurePolicy().getRules())
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.getAction()).isEqualTo("Ignore");
                    assertThat(rule.getOnPodConditions())
                            .extracting(each -> each.getType() + " is " + each.getStatus())
                            .containsExactly("DisruptionTarget is True");
                });
        assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(86_400);
        var pod = job.getSpec().getTemplate();
        assertThat(pod.getMetadata().getLabels()).doesNotContainKey(TargetLabel.KEY);
        assertThat(pod.getSpec().getActiveDeadlineSeconds()).isEqualTo(90);
        assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(5);
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSpec().getServiceAccountName()).isNull();
        var container = pod.getSpec().getContainers().getFirst();
        assertThat(container.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getEnv()).anySatisfy(each -> {
            assertThat(each.getName()).isEqualTo("URL");
            assertThat(each.getValue()).isEqualTo("http://$$(HOST)/$$$$1");
        });
        assertThat(container.getEnv()).extracting(each -> each.getName()).contains("SLUICE_REVISION", "SLUICE_WEIGHT");
        assertThat(container.getVolumeMounts())
                .extracting(each -> each.getMountPath())
                .contains("/etc/sluice/hook");
    }

    @Test
    void oneThatIsMadeLateEndsWhenItIsGivenUp() {
        var loop = new TestLoop(BEFORE);
        loop.turn(TestLoop.Crash.AFTER_COMMIT);
        loop.now = loop.now.plus(Duration.ofSeconds(200));
        loop.turn();
        var spec = loop.world.started.getFirst().getSpec();
        assertThat(spec.getTemplate().getSpec().getActiveDeadlineSeconds()).isEqualTo(100);
        assertThat(spec.getActiveDeadlineSeconds()).isEqualTo(115);
    }

    @Test
    void theJobsNameFitsIntoALabel() {
        var name = HookJob.name("r".repeat(52), "h".repeat(20), new TestLoop(BEFORE).now);
        assertThat(name).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    }
}
