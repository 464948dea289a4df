package sluice.operator.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import java.util.function.BiFunction;
import sluice.operator.control.PodIdentity;
import sluice.operator.control.PodRollouts;
import sluice.operator.control.RolloutKey;
import sluice.operator.reconcile.TargetLabel;

/** Finds a caller's pod in the informer's cache; one that is too new to be there is asked for. */
public final class SidecarPods implements PodRollouts {

    private final KubernetesClient client;
    private final BiFunction<String, String, Optional<Pod>> cache;

    /**
     * Looks up pods.
     *
     * @param cache a pod by namespace and name
     */
    public SidecarPods(KubernetesClient client, BiFunction<String, String, Optional<Pod>> cache) {
        this.client = client;
        this.cache = cache;
    }

    @Override
    public Optional<RolloutKey> rolloutOf(PodIdentity pod) {
        return cache.apply(pod.namespace(), pod.name())
                .filter(found -> isSame(found, pod))
                .or(() -> asked(pod))
                .flatMap(TargetLabel::rollout);
    }

    private Optional<Pod> asked(PodIdentity pod) {
        var found =
                client.pods().inNamespace(pod.namespace()).withName(pod.name()).get();
        return Optional.ofNullable(found).filter(present -> isSame(present, pod));
    }

    /** A pod of the same name may be another one by now. */
    private static boolean isSame(Pod found, PodIdentity pod) {
        return pod.uid().equals(found.getMetadata().getUid());
    }
}
