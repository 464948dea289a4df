package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.admission.InjectionObstacle;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.admission.SidecarPort;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;

/** What about a target keeps a rollout from beginning: what a schema cannot see, said with the same care. */
final class TargetBlockers {

    private static final Comparator<RateLimitRollout> OLDEST_FIRST = Comparator.<RateLimitRollout, String>comparing(
                    rollout -> rollout.getMetadata().getCreationTimestamp())
            .thenComparing(rollout -> rollout.getMetadata().getUid());

    private final RateLimitRollout rollout;
    private final RolloutState state;
    private final Cluster cluster;
    private final InjectionSettings injection;
    private final String namespace;
    private final String port;

    TargetBlockers(RateLimitRollout rollout, RolloutState state, Cluster cluster, InjectionSettings injection) {
        this.rollout = rollout;
        this.state = state;
        this.cluster = cluster;
        this.injection = injection;
        this.namespace = rollout.getMetadata().getNamespace();
        this.port = rollout.getSpec().port();
    }

    /** Every blocker, the most fundamental first. */
    List<Blocker> find(Optional<Target> target) {
        var blockers = new ArrayList<Blocker>();
        conflict().ifPresent(blockers::add);
        hooks().ifPresent(blockers::add);
        target.ifPresentOrElse(found -> inspect(found, blockers), () -> blockers.add(missing()));
        return blockers;
    }

    private Blocker missing() {
        var target = rollout.getSpec().targetRef();
        return new Blocker(
                "TargetNotFound",
                "spec.targetRef: there is no %s %s in namespace %s; create it or name another"
                        .formatted(target.kind().text(), target.name(), namespace));
    }

    private Optional<Blocker> conflict() {
        return cluster.rollouts(namespace).stream()
                .filter(other -> other.getSpec() != null
                        && other.getSpec().targetRef().equals(rollout.getSpec().targetRef())
                        && other.getMetadata().getDeletionTimestamp() == null)
                .filter(other -> !other.getMetadata()
                        .getUid()
                        .equals(rollout.getMetadata().getUid()))
                .filter(other -> OLDEST_FIRST.compare(other, rollout) < 0)
                .min(OLDEST_FIRST)
                .map(older -> new Blocker(
                        "TargetConflict",
                        "RateLimitRollout %s, which is older, has the same target; delete one of the two"
                                .formatted(older.getMetadata().getName())));
    }

    /** On its way only the hook may fail that meets it: as a blocker it would end what has no hook to come. */
    private Optional<Blocker> hooks() {
        var begins = state.progress() instanceof Progress.Pending || state.progress() instanceof Progress.RolledBack;
        return !begins || HookMapping.written(rollout.getSpec()).isEmpty() || cluster.runsHooks()
                ? Optional.empty()
                : Optional.of(
                        new Blocker(
                                "HooksNotAllowed",
                                "spec.hooks: this operator may not run Jobs; set hooks.enabled in its chart, or remove the hooks"));
    }

    private void inspect(Target target, List<Blocker> blockers) {
        PodSpec pod = target.template().getSpec();
        if (Boolean.TRUE.equals(pod.getHostNetwork())) {
            blockers.add(new Blocker(
                    "HostNetwork",
                    "the target's pods are on the host's network, where every sidecar would claim the same ports;"
                            + " remove hostNetwork"));
        }
        InjectionObstacle.of(pod, rollout)
                .map(why -> new Blocker("CannotInject", "the target's pods cannot have a sidecar: " + why))
                .ifPresent(blockers::add);
        paused(target).ifPresent(blockers::add);
        var taken = ports(pod).filter(this::isTaken).findFirst();
        if (taken.isEmpty()) {
            blockers.add(portMissing(target));
        } else {
            var appPort = taken.get().getContainerPort();
            numeric(target, appPort).ifPresent(blockers::add);
            cutOff(target, appPort).ifPresent(blockers::add);
        }
    }

    /** Only of pods that are still to be replaced: those that have their sidecar need nobody to go on. */
    private Optional<Blocker> paused(Target target) {
        var replacement = target.replacement();
        var replaces = !TargetLabel.of(target).equals(Optional.of(InjectionLabel.valueFor(rollout, injection)));
        return state.progress() instanceof Progress.Pending && replacement.paused() && replaces
                ? Optional.of(new Blocker(replacement.reason(), replacement.message()))
                : Optional.empty();
    }

    private boolean isTaken(ContainerPort candidate) {
        var tcp = candidate.getProtocol() == null || candidate.getProtocol().equals("TCP");
        return tcp && port.equals(candidate.getName());
    }

    private static Stream<ContainerPort> ports(PodSpec pod) {
        return pod.getContainers().stream().map(Container::getPorts).flatMap(List::stream);
    }

    private Blocker portMissing(Target target) {
        var names = ports(target.template().getSpec())
                .map(ContainerPort::getName)
                .filter(name -> name != null)
                .toList();
        return new Blocker(
                "PortNotFound",
                "spec.port: no container of %s has a TCP port named %s (there are %s); name it so and let the Service's targetPort use the name"
                        .formatted(target.title(), port, names));
    }

    /** A Service that names the app's port by number goes past the sidecar. */
    private Optional<Blocker> numeric(Target target, int appPort) {
        Map<String, String> labels = target.template().getMetadata().getLabels();
        return cluster.services(namespace).stream()
                .filter(service -> selects(service, labels))
                .flatMap(service -> service.getSpec().getPorts().stream()
                        .filter(each -> goesTo(each, appPort))
                        .map(each -> new Blocker(
                                "NumericTargetPort",
                                "Service %s reaches the app by number and would go past the sidecar; set targetPort of its port %d to %s"
                                                .formatted(service.getMetadata().getName(), each.getPort(), port)
                                        + (isHeadless(service)
                                                ? "; it is headless: who dials port %d of a pod's address goes past the sidecar all the same"
                                                        .formatted(appPort)
                                                : ""))))
                .findFirst();
    }

    /** A NetworkPolicy that names the app's port by number keeps callers from the sidecar. */
    private Optional<Blocker> cutOff(Target target, int appPort) {
        var template = target.template();
        var labels = Optional.ofNullable(template.getMetadata().getLabels()).orElse(Map.of());
        var sidecarPort = SidecarPort.of(template.getSpec());
        return new AdmittedCallers(cluster.networkPolicies(namespace), labels)
                .cutOff(appPort, sidecarPort)
                .map(policy -> new Blocker(
                        "NetworkPolicyBlocksSidecar",
                        "NetworkPolicy %s admits callers to the app's port %d by number and would cut them off from the sidecar; admit them to port %d, too"
                                .formatted(policy, appPort, sidecarPort)));
    }

    private static boolean selects(Service service, Map<String, String> labels) {
        var selector = service.getSpec().getSelector();
        return selector != null
                && !selector.isEmpty()
                && labels != null
                && labels.entrySet().containsAll(selector.entrySet());
    }

    private static boolean isHeadless(Service service) {
        return "None".equals(service.getSpec().getClusterIP());
    }

    private static boolean goesTo(ServicePort port, int appPort) {
        var target = port.getTargetPort();
        return target == null ? port.getPort() == appPort : target.getIntVal() != null && target.getIntVal() == appPort;
    }
}
