package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import sluice.e2e.cluster.App;
import sluice.e2e.rollout.RolloutWatch;
import sluice.e2e.story.Patience;

/** The pods of a StatefulSet, which its own controller replaces one by one under the names that they had. */
@Order(9)
class StatefulSetE2E {
    private static final String NAMESPACE = "stateful";
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private final KubernetesClient client = TestCluster.client();

    @AfterEach
    void letGo() {
        client.namespaces().withName(NAMESPACE).delete();
        // What comes after this is not to be tried beside its end.
        Patience.until(
                "the end of the namespace",
                PATIENCE,
                () -> client.namespaces().withName(NAMESPACE).get() == null);
    }

    @Test
    void everyPodGetsItsSidecarAndTheServiceLeadsThere() {
        new Copies(client).copyAsStatefulSetTo(NAMESPACE);
        Patience.until("the StatefulSet's pods", PATIENCE, () -> readyPods().size() == 2);
        var before = uids();

        TestCluster.scripts()
                .kubectl(
                        TestCluster.manifest()
                                .inNamespace(NAMESPACE)
                                .with("/spec/targetRef/kind", "StatefulSet")
                                .text(),
                        "apply",
                        "-f",
                        "-");
        // A sidecar is in sync before its app has started.
        Patience.until(
                "every pod's sidecar",
                PATIENCE,
                () -> phase().equals("Observing") && readyPods().size() == 2);

        assertThat(readyPods())
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactlyInAnyOrder(App.NAME + "-0", App.NAME + "-1");
        assertThat(readyPods())
                .allSatisfy(pod -> assertThat(pod.getSpec().getInitContainers())
                        .extracting(container -> container.getName())
                        .contains(App.SIDECAR));
        assertThat(uids()).doesNotContainAnyElementsOf(before);
        Patience.until("the Service at the sidecars' port", PATIENCE, () -> ports().equals(Set.of(App.SIDECAR_PORT)));
    }

    private List<Pod> readyPods() {
        return new App(client, NAMESPACE)
                .pods().stream().filter(Readiness::isPodReady).toList();
    }

    private List<String> uids() {
        return readyPods().stream().map(pod -> pod.getMetadata().getUid()).toList();
    }

    private String phase() {
        var rollout = client.genericKubernetesResources(RolloutWatch.RESOURCE)
                .inNamespace(NAMESPACE)
                .withName(App.NAME)
                .get();
        String phase = rollout.get("status", "phase");
        return String.valueOf(phase);
    }

    private Set<Integer> ports() {
        return client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(NAMESPACE)
                .withLabel("kubernetes.io/service-name", App.NAME)
                .list()
                .getItems()
                .stream()
                .map(EndpointSlice::getPorts)
                .flatMap(List::stream)
                .map(port -> port.getPort())
                .collect(Collectors.toSet());
    }
}
