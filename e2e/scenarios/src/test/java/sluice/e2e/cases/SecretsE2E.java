package sluice.e2e.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import sluice.e2e.cluster.NodeProcesses;
import sluice.e2e.rollout.RolloutWatch;

/** The password of Redis, random in each run, is in its Secret and in the sidecar's files and nowhere else. Last, when all has been said. */
@Order(6)
class SecretsE2E {
    private final KubernetesClient client = TestCluster.client();
    private final String password = password();

    private String password() {
        var secret = client.secrets()
                .inNamespace(TestCluster.NAMESPACE)
                .withName("redis-limiter")
                .get();
        var url = new String(Base64.getDecoder().decode(secret.getData().get("REDIS_URL")), UTF_8);
        return URI.create(url).getUserInfo().replaceFirst("^[^:]*:", "");
    }

    @Test
    void inNoLogOfAnyContainer() {
        var logs = pods().flatMap(this::logs).toList();

        assertThat(logs).isNotEmpty();
        assertThat(logs.stream().filter(log -> log.text().contains(password)).map(Log::container))
                .isEmpty();
    }

    @Test
    void inNoStatusEventConfigMapOrPod() {
        var objects = Stream.<List<? extends HasMetadata>>of(
                        client.genericKubernetesResources(RolloutWatch.RESOURCE)
                                .inAnyNamespace()
                                .list()
                                .getItems(),
                        client.v1().events().inAnyNamespace().list().getItems(),
                        client.events().v1().events().inAnyNamespace().list().getItems(),
                        client.configMaps().inAnyNamespace().list().getItems(),
                        client.pods().inAnyNamespace().list().getItems(),
                        client.apps().deployments().inAnyNamespace().list().getItems())
                .flatMap(List::stream)
                .toList();

        assertThat(objects).hasSizeGreaterThan(20);
        assertThat(objects.stream()
                        .filter(object -> Serialization.asJson(object).contains(password))
                        .map(object ->
                                object.getKind() + " " + object.getMetadata().getName()))
                .isEmpty();
    }

    @Test
    void inNoEnvironmentOfAnyProcess() throws IOException {
        List<String> leaks = new ArrayList<>();
        int seen = 0;
        for (Pod pod : pods().toList()) {
            for (ProcessHandle process : NodeProcesses.ofPod(pod.getMetadata().getUid())) {
                var environment = environment(process);
                seen += environment.isEmpty() ? 0 : 1;
                if (environment.stream().anyMatch(variable -> variable.contains(password))) {
                    leaks.add(pod.getMetadata().getName() + ": "
                            + process.info().command().orElse("?"));
                }
            }
        }

        assertThat(seen).isGreaterThan(8);
        assertThat(leaks).isEmpty();
    }

    /** Empty of a process that has ended since it was found. */
    private static List<String> environment(ProcessHandle process) throws IOException {
        try {
            return NodeProcesses.environment(process);
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
            return List.of();
        }
    }

    @Test
    void inNoMetric() {
        var metrics = pods().filter(SecretsE2E::hasSidecar)
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null && Readiness.isPodReady(pod))
                .map(this::metrics)
                .toList();

        assertThat(metrics)
                .isNotEmpty()
                .noneMatch(text -> text.contains(password))
                .allMatch(text -> text.contains("sluice_"));
    }

    private static boolean hasSidecar(Pod pod) {
        return pod.getStatus().getInitContainerStatuses().stream()
                .anyMatch(status -> status.getName().equals(sluice.e2e.cluster.App.SIDECAR));
    }

    private String metrics(Pod pod) {
        return client.raw("/api/v1/namespaces/%s/pods/%s:15090/proxy/metrics"
                .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName()));
    }

    private Stream<Pod> pods() {
        return client.pods().inAnyNamespace().list().getItems().stream();
    }

    private record Log(String container, String text) {}

    private Stream<Log> logs(Pod pod) {
        var status = pod.getStatus();
        try {
            return Stream.concat(status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
                    .filter(SecretsE2E::hasStarted)
                    .flatMap(container -> logs(pod, container))
                    .toList()
                    .stream();
        } catch (KubernetesClientException e) {
            if (isThere(pod)) {
                throw e;
            }
            return Stream.empty();
        }
    }

    private static boolean hasStarted(ContainerStatus container) {
        return Stream.of(container.getState(), container.getLastState())
                .anyMatch(state -> state != null && (state.getRunning() != null || state.getTerminated() != null));
    }

    /** Whether it is still there and is to stay. */
    private boolean isThere(Pod pod) {
        var now = client.pods().resource(pod).get();
        return now != null
                && now.getMetadata().getUid().equals(pod.getMetadata().getUid())
                && now.getMetadata().getDeletionTimestamp() == null;
    }

    private Stream<Log> logs(Pod pod, ContainerStatus container) {
        var where = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName() + "/" + container.getName();
        var source = client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .inContainer(container.getName());
        var now = Stream.of(new Log(where, source.getLog()));
        return container.getRestartCount() == 0 ? now : Stream.concat(now, previous(where, source::terminated));
    }

    private static Stream<Log> previous(
            String where, java.util.function.Supplier<? extends io.fabric8.kubernetes.client.dsl.Loggable> source) {
        try {
            return Stream.of(new Log(where + " before", source.get().getLog()));
        } catch (KubernetesClientException e) {
            // The runtime keeps the last life only, and that not for ever.
            return Stream.empty();
        }
    }
}
