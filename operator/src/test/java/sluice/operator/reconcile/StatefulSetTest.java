package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateStatefulSetStrategyBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSetUpdateStrategy;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is special about a StatefulSet; all else is as with a Deployment. */
class StatefulSetTest {

    private static final String SPEC = TestLoop.SPEC.replace("kind: Deployment", "kind: StatefulSet");

    private final TestLoop loop = new TestLoop(SPEC);

    @Test
    void rollsOutOnAStatefulSetAsOnADeployment() {
        set(spec -> {});

        loop.passUntil("Promoted");

        assertThat(loop.written.stream().map(status -> status.phase()).distinct())
                .containsExactly("Injecting", "Observing", "Progressing", "Baking", "Promoted");
        assertThat(loop.world.label())
                .hasValueSatisfying(label -> assertThat(label).startsWith("scholarship-api."));
        assertUninterrupted("True", "RollingUpdate", "one after the other");
    }

    @Test
    void comesBackAndTakesTheLabelOffWhenItIsDeleted() {
        set(spec -> {});
        loop.passUntil("Progressing");
        loop.pass(Duration.ofSeconds(70));
        loop.signals.candidateErrors = 0.5;

        loop.passUntil("RolledBack");
        assertThat(loop.farewell()).isPresent();

        assertThat(loop.world.label()).isEmpty();
    }

    @Test
    void aDeploymentOfTheSameNameIsNotTheStatefulSet() {
        loop.turn();

        assertThat(condition("Stalled").getReason()).isEqualTo("TargetNotFound");
        assertThat(condition("Stalled").getMessage()).contains("no StatefulSet scholarship-api in namespace apps");
    }

    @Test
    void twoRolloutsOnTargetsOfOneNameAndTwoKindsAreNoConflict() {
        set(spec -> {});
        other(TestLoop.SPEC);
        loop.turn();
        assertThat(condition("Stalled").getStatus()).isEqualTo("False");

        other(SPEC);
        loop.turn();
        loop.turn();
        assertThat(loop.world.reasons()).contains("TargetConflict");
    }

    @Test
    void saysThatPodsAreReplacedOnlyWhenSomebodyDeletesThem() {
        set(spec -> spec.setUpdateStrategy(new StatefulSetUpdateStrategy(null, "OnDelete")));

        loop.turn();
        loop.turn();

        assertUninterrupted("False", "OnDeleteStrategy", "updateStrategy.type to RollingUpdate");
    }

    @Test
    void saysOfWaitingSidecarsThatAPartitionKeepsThemAway() {
        set(spec -> spec.setUpdateStrategy(new StatefulSetUpdateStrategy(
                new RollingUpdateStatefulSetStrategyBuilder().withPartition(1).build(), "RollingUpdate")));
        loop.turn();
        loop.world.pods.removeLast();
        loop.turn();

        assertUninterrupted("False", "PartitionedUpdate", "updateStrategy.rollingUpdate.partition is 1");
        assertThat(condition("SidecarsInSync").getMessage())
                .contains("2 desired, 1 injected")
                .contains("pods with a lower ordinal get no sidecar")
                .contains("set it to 0");
    }

    @Test
    void saysThatTheOnlyPodIsStoppedBeforeItsSuccessorStarts() {
        set(spec -> spec.setReplicas(1));

        loop.turn();

        assertUninterrupted("False", "SinglePod", "set replicas to 2 or more");
    }

    @Test
    void saysWhichPodsKeepAnOrderedSetFromGivingSidecarsUp() {
        set(spec -> {});
        loop.passUntil("Observing");
        loop.world.pods.forEach(pod -> pod.getMetadata().getLabels().put(TargetLabel.KEY, "scholarship-api.older000"));

        loop.turn();

        assertUninterrupted("False", "PodsStuck", "kubectl delete pod --namespace apps a b");
    }

    @Test
    void aSetInParallelReplacesPodsThatAreNotReady() {
        set(spec -> spec.setPodManagementPolicy("Parallel"));
        loop.passUntil("Observing");
        loop.world.pods.forEach(pod -> pod.getMetadata().getLabels().put(TargetLabel.KEY, "scholarship-api.older000"));

        loop.turn();

        assertUninterrupted("True", "RollingUpdate", "one after the other");
    }

    @Test
    void saysThatAHeadlessServiceLetsCallersPast() {
        set(spec -> {});
        var governing = FakeWorld.service(8080);
        governing.getSpec().setClusterIP("None");
        loop.world.services.add(governing);

        loop.turn();

        assertThat(condition("Stalled").getReason()).isEqualTo("NumericTargetPort");
        assertThat(condition("Stalled").getMessage())
                .contains("to http; it is headless: who dials port 8080 of a pod's address goes past the sidecar");
    }

    private void set(Consumer<StatefulSetSpec> change) {
        change.accept(loop.world.becomesStatefulSet().getSpec());
    }

    private void other(String spec) {
        var other = FakeWorld.rollout(spec);
        other.getMetadata().setName("older");
        other.getMetadata().setUid("0000");
        other.getMetadata().setCreationTimestamp("2025-01-01T00:00:00Z");
        loop.world.rollouts.clear();
        loop.world.rollouts.add(other);
    }

    private void assertUninterrupted(String status, String reason, String message) {
        assertThat(condition("Uninterrupted").getReason()).isEqualTo(reason);
        assertThat(condition("Uninterrupted").getStatus()).isEqualTo(status);
        assertThat(condition("Uninterrupted").getMessage()).contains(message);
    }

    private Condition condition(String type) {
        return loop.condition(type).orElseThrow();
    }
}
