package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.operator.control.Ack;
import sluice.operator.control.Acks;
import sluice.operator.rollout.Sidecars;

class SidecarCensusTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeWorld world = new FakeWorld();
    private final Acks acks = new Acks();
    private Set<String> connected = Set.of("a");

    @Test
    void countsPodsConnectionsAndAcknowledgements() {
        world.pod("a", true);
        world.pod("b", true);
        ack("a", 7, true);
        ack("b", 6, true);

        assertThat(census(Optional.empty()).sidecars()).isEqualTo(new Sidecars(2, 2, 1, 1));
        assertThat(census(Optional.empty()).lastAckAt()).contains(NOW);
    }

    @Test
    void whoIsKnownByItsStreamAloneCountsUntilItHasAppliedTheEpoch() {
        world.pod("b", true);
        ack("b", 7, true);
        assertThat(census(Optional.empty()).sidecars()).isEqualTo(new Sidecars(2, 2, 1, 1));
        assertThat(census(Optional.empty()).mayExpose()).isTrue();

        ack("a", 7, true);
        assertThat(census(Optional.empty()).sidecars()).isEqualTo(new Sidecars(2, 1, 0, 1));
        assertThat(census(Optional.empty()).mayExpose()).isFalse();
    }

    @Test
    void whoIsNotSeenToRunYetCountsTooUnlessItTerminates() {
        var pod = world.pod("a", true);
        pod.getStatus().setPhase("Pending");
        assertThat(census(Optional.empty()).sidecars().injected()).isEqualTo(1);

        pod.getMetadata().setDeletionTimestamp(NOW.toString());
        assertThat(census(Optional.empty()).sidecars().injected()).isZero();
    }

    @Test
    void whoIsKnownByItsStreamAloneIsHeardToo() {
        ack("a", 7, false);
        assertThat(census(Optional.empty()).refusals()).containsExactly("a: because");
        assertThat(census(Optional.empty()).mayExpose()).isTrue();

        ack("a", 7, true);
        assertThat(census(Optional.empty()).lastAckAt()).contains(NOW);
    }

    @Test
    void aRefusalIsNoAcknowledgement() {
        world.pod("a", true);
        ack("a", 7, false);

        assertThat(census(Optional.empty()).sidecars().inSync()).isZero();
        assertThat(census(Optional.empty()).refusals()).containsExactly("a: because");
    }

    @Test
    void aSidecarThatIsConnectedAndHasNotAppliedTheEpochMayExpose() {
        world.pod("a", true);
        world.pod("c", true);
        ack("a", 6, true);
        // As many are in sync as are connected, and not the same.
        ack("c", 7, true);
        assertThat(census(Optional.empty()).mayExpose()).isTrue();

        ack("a", 7, true);
        assertThat(census(Optional.empty()).mayExpose()).isFalse();
    }

    @Test
    void aSidecarOutOfReachMayExposeOnlyIfItRefused() {
        connected = Set.of();
        world.pod("c", true);
        assertThat(census(Optional.empty()).mayExpose()).isFalse();

        ack("c", 7, false);
        assertThat(census(Optional.empty()).mayExpose()).isTrue();
    }

    @Test
    void leavesOutPodsThatTerminateOrDoNotRun() {
        connected = Set.of("terminating");
        world.pod("terminating", true).getMetadata().setDeletionTimestamp(NOW.toString());
        world.pod("pending", true).getStatus().setPhase("Pending");

        assertThat(census(Optional.empty()).sidecars().injected()).isZero();
        assertThat(census(Optional.empty()).podUids()).containsExactlyInAnyOrder("terminating", "pending");
    }

    @Test
    void aPodWithAnOlderLabelIsStillToBeReplaced() {
        world.label(world.workload().orElseThrow(), "scholarship-api.old00000");
        world.pod("a", true);
        world.label(world.workload().orElseThrow(), "scholarship-api.new00000");
        world.pod("b", true);

        assertThat(census(Optional.of("scholarship-api.new00000")).sidecars().injected())
                .isEqualTo(1);
        assertThat(census(Optional.empty()).sidecars().injected()).isEqualTo(2);
    }

    @Test
    void namesPodsThatAreToBeReplacedAndAreNotReady() {
        world.label(world.workload().orElseThrow(), "scholarship-api.old00000");
        ready(world.pod("ready", true), "True");
        ready(world.pod("broken", true), "False");
        world.pod("pending", true).setStatus(null);
        world.pod("terminating", true).getMetadata().setDeletionTimestamp(NOW.toString());
        assertThat(census(Optional.empty()).stuck()).isEmpty();

        world.label(world.workload().orElseThrow(), "scholarship-api.new00000");
        assertThat(census(Optional.empty()).stuck()).containsExactly("broken", "pending");

        world.unlabel(world.workload().orElseThrow());
        assertThat(census(Optional.empty()).stuck()).containsExactly("broken", "pending");
    }

    @Test
    void podsThatAreAboutToBeReplacedAreWantedToo() {
        world.target().getStatus().setReplicas(3);

        assertThat(census(Optional.empty()).sidecars().desired()).isEqualTo(3);
    }

    @Test
    void aDeploymentScaledToZeroWantsNone() {
        world.target().getSpec().setReplicas(0);
        world.target().getStatus().setReplicas(0);

        assertThat(census(Optional.empty()).sidecars().scaledToZero()).isTrue();
    }

    @Test
    void knowsSinceWhenPodsAreReadyWhateverTheirLabel() {
        world.label(world.workload().orElseThrow(), "scholarship-api.old00000");
        ready(world.pod("a", true), "True");
        ready(world.pod("b", true), "False");
        ready(world.pod("without", false), "True");

        assertThat(census(Optional.of("scholarship-api.new00000")).readySince()).containsExactly(NOW);
    }

    @Test
    void knowsWhichImagesRun() {
        world.pod("a", true);
        world.sidecarImage = "sluice/limiter-sidecar:0.2.0";
        world.pod("b", true);

        assertThat(census(Optional.empty()).images())
                .containsExactlyInAnyOrder("sluice/limiter-sidecar:0.1.0", "sluice/limiter-sidecar:0.2.0");
    }

    private static void ready(Pod pod, String status) {
        pod.getStatus()
                .setConditions(List.of(new PodConditionBuilder()
                        .withType("Ready")
                        .withStatus(status)
                        .withLastTransitionTime(NOW.toString())
                        .build()));
    }

    private void ack(String pod, long epoch, boolean applied) {
        acks.record(FakeWorld.KEY, pod, new Ack(epoch, applied, applied ? "" : "because", NOW));
    }

    private SidecarCensus census(Optional<String> label) {
        return SidecarCensus.of(world.pods, world.workload(), label, 7, connected, acks);
    }
}
