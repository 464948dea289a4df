package sluice.operator.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** Every rollout, on every replica: pods are admitted by whichever replica is asked, so the standby knows them too. */
public final class RolloutCache implements AutoCloseable {

    /** Within the two seconds that an API server waits for the webhook. */
    private static final Duration HURRIED = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final List<SharedIndexInformer<RateLimitRollout>> informers;

    /**
     * Begins to watch and does not wait.
     *
     * @param namespaces empty for all
     */
    public RolloutCache(KubernetesClient client, List<String> namespaces) {
        this.client = client;
        var resources = client.resources(RateLimitRollout.class);
        informers = namespaces.isEmpty()
                ? List.of(resources.inAnyNamespace().runnableInformer(0))
                : namespaces.stream()
                        .distinct()
                        .map(namespace -> resources.inNamespace(namespace).runnableInformer(0))
                        .toList();
        informers.forEach(informer -> {
            // An API server that is away at the start is waited for like one that goes away later.
            informer.exceptionHandler((started, problem) -> true);
            var _ = informer.start();
        });
    }

    /** A readable rollout by name. */
    public Optional<RateLimitRollout> find(String namespace, String name) {
        return informers.stream()
                .flatMap(informer -> Stream.ofNullable(informer.getStore().getByKey(namespace + "/" + name)))
                .filter(rollout -> rollout.getSpec() != null)
                .findFirst();
    }

    /** Every rollout, readable or not. */
    public List<RateLimitRollout> all() {
        return informers.stream()
                .flatMap(informer -> informer.getStore().list().stream())
                .toList();
    }

    /** A rollout as the API server has it now; fails soon when that does not answer. */
    public Optional<RateLimitRollout> read(String namespace, String name) {
        return Optional.ofNullable(Clients.hurried(client, HURRIED)
                        .resources(RateLimitRollout.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                .filter(rollout -> rollout.getSpec() != null);
    }

    /** Whether everything has been listed once. */
    public boolean hasSynced() {
        return informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }
}
