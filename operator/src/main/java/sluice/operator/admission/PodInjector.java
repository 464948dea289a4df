package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** Gives a pod its limiter sidecar. A pure function of its arguments and the drain token; doing it twice changes nothing. */
public final class PodInjector {

    /** Records what was injected: the label value that fits the sidecar the pod really has. */
    public static final String INJECTED = "sluice.dev/injected";

    /** Names the containers whose own preStop hook may be too short. */
    public static final String OWN_HOOKS = "sluice.dev/own-prestop-hooks";

    private final Supplier<String> drainTokens;

    /**
     * Makes an injector.
     *
     * @param drainTokens gives a new secret for each pod, see {@link DrainTokens}
     */
    public PodInjector(Supplier<String> drainTokens) {
        this.drainTokens = drainTokens;
    }

    /** Never fails because of what a pod looks like: a pod that cannot be injected comes back as it was, with the reason. */
    public Injection inject(Pod pod, RateLimitRollout rollout, InjectionSettings settings) {
        if (isInjected(pod)) {
            return new Injection.AlreadyInjected(pod);
        }
        var port = rollout.getSpec().port();
        var volumes = SidecarVolumes.of(rollout);
        return InjectionObstacle.find(pod.getSpec(), port, volumes)
                .<Injection>map(reason -> new Injection.Skipped(pod, reason))
                .orElseGet(() -> injected(pod, rollout, settings, volumes));
    }

    private Injection injected(Pod pod, RateLimitRollout rollout, InjectionSettings settings, SidecarVolumes volumes) {
        var takeover = PortTakeover.of(pod.getSpec(), rollout.getSpec().port()).orElseThrow();
        var sidecar = new SidecarContainer(settings, takeover, volumes, drainTokens.get()).build();
        var stop = new GracefulStop(settings);
        var shortfalls = pod.getSpec().getContainers().stream()
                .flatMap(container -> stop.shortfall(container).stream())
                .toList();
        var injected = new PodBuilder(pod)
                .editOrNewMetadata()
                .addToAnnotations(INJECTED, InjectionLabel.valueFor(rollout, settings))
                .endMetadata()
                .editSpec()
                .withInitContainers(initContainers(pod.getSpec(), sidecar, takeover))
                .withContainers(containers(pod.getSpec(), takeover, stop))
                .addAllToVolumes(volumes.volumes())
                .withTerminationGracePeriodSeconds(graceSeconds(pod.getSpec(), stop))
                .endSpec();
        if (!shortfalls.isEmpty()) {
            injected.editMetadata()
                    .addToAnnotations(OWN_HOOKS, String.join("; ", shortfalls))
                    .endMetadata();
        }
        return new Injection.Injected(injected.build(), warnings(pod.getSpec(), takeover, shortfalls));
    }

    private static boolean isInjected(Pod pod) {
        return pod.getMetadata() != null
                && pod.getMetadata().getAnnotations().containsKey(INJECTED)
                && pod.getSpec().getInitContainers().stream()
                        .anyMatch(container -> container.getName().equals(SidecarContainer.NAME));
    }

    /** The sidecar comes first, so that it is up before everything else and down after it. */
    private static List<Container> initContainers(PodSpec pod, Container sidecar, PortTakeover takeover) {
        var containers = new ArrayList<>(List.of(sidecar));
        pod.getInitContainers().forEach(own -> containers.add(PortRenaming.apply(own, takeover.name())));
        return containers;
    }

    private static List<Container> containers(PodSpec pod, PortTakeover takeover, GracefulStop stop) {
        return pod.getContainers().stream()
                .map(own -> stop.apply(PortRenaming.apply(own, takeover.name())))
                .collect(Collectors.toList());
    }

    private static @Nullable Long graceSeconds(PodSpec pod, GracefulStop stop) {
        var own = pod.getTerminationGracePeriodSeconds();
        if (pod.getContainers().stream().allMatch(GracefulStop::hasOwnHook)) {
            return own;
        }
        return stop.graceSeconds(own);
    }

    private static List<String> warnings(PodSpec pod, PortTakeover takeover, List<String> shortfalls) {
        var hostPorts = PortTakeover.containers(pod)
                .flatMap(container -> container.getPorts().stream())
                .filter(port -> takeover.name().equals(port.getName()))
                .map(ContainerPort::getHostPort)
                .filter(Objects::nonNull)
                .map(port -> "hostPort " + port + " reaches the app past the limiter");
        return Stream.concat(shortfalls.stream(), hostPorts).toList();
    }
}
