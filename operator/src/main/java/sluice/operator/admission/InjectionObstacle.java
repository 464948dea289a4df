package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** Why a pod cannot have a sidecar. Injecting regardless would make a pod that does not start, or an app that nobody reaches. */
public final class InjectionObstacle {

    private static final String WINDOWS = "windows";

    private InjectionObstacle() {}

    /** The reason and what to change, or empty when nothing is in the way. */
    static Optional<String> find(PodSpec pod, String port, SidecarVolumes volumes) {
        if (Boolean.TRUE.equals(pod.getHostNetwork())) {
            return Optional.of(
                    "pods on the host's network cannot have a limiter sidecar: every such pod would claim the"
                            + " same ports of its node; remove hostNetwork");
        }
        return unfit(pod, volumes).or(() -> missingPort(pod, port));
    }

    /**
     * What about pods made from the template is in the way of the rollout's sidecar, besides the host's network and a missing port: the
     * reason and what to change, or empty.
     */
    public static Optional<String> of(PodSpec template, RateLimitRollout rollout) {
        return unfit(template, SidecarVolumes.of(rollout));
    }

    private static Optional<String> unfit(PodSpec pod, SidecarVolumes volumes) {
        return isForWindows(pod)
                ? Optional.of(
                        "the limiter sidecar runs on Linux only, and os or nodeSelector asks for Windows; let the pod ask for Linux, or delete the rollout")
                : takenName(pod, volumes);
    }

    private static boolean isForWindows(PodSpec pod) {
        return (pod.getOs() != null && WINDOWS.equals(pod.getOs().getName()))
                || (pod.getNodeSelector() != null
                        && WINDOWS.equals(pod.getNodeSelector().get("kubernetes.io/os")));
    }

    private static Optional<String> takenName(PodSpec pod, SidecarVolumes volumes) {
        if (allContainers(pod).anyMatch(container -> container.getName().equals(SidecarContainer.NAME))) {
            return Optional.of("the pod has a container called " + SidecarContainer.NAME + " already; rename it");
        }
        return volumes.volumes().stream()
                .map(ours -> ours.getName())
                .filter(name ->
                        pod.getVolumes().stream().anyMatch(own -> own.getName().equals(name)))
                .findFirst()
                .map(name -> "the pod has a volume called " + name + " already; rename it");
    }

    private static Optional<String> missingPort(PodSpec pod, String port) {
        return PortTakeover.of(pod, port).isPresent()
                ? Optional.empty()
                : Optional.of("no container has a TCP port named " + port + "; name the container port " + port
                        + " and let the Service's targetPort use that name");
    }

    private static Stream<Container> allContainers(PodSpec pod) {
        return Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream());
    }
}
