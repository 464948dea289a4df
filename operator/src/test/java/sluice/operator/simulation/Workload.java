package sluice.operator.simulation;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.reconcile.TargetLabel;

/** The Deployment's controller, the webhook and kubelet: pods follow the template, one at a time, and bring their sidecars. */
final class Workload {

    static final RolloutKey KEY = new RolloutKey("apps", "api");

    private static final long START_SHORTEST = 1_000;
    private static final long START_LONGEST = 4_000;
    private static final long STOP = 1_500;

    private final World world;
    private final Map<String, Sidecar> sidecars = new LinkedHashMap<>();
    private int number;
    private boolean busy;

    Workload(World world) {
        this.world = world;
    }

    static Deployment target() {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(KEY.namespace())
                .withName(KEY.name())
                .withUid("deployment")
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", KEY.name())
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("app")
                .addNewPort()
                .withName("http")
                .withContainerPort(8080)
                .endPort()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    static RateLimitRollout rollout(Scenario scenario) {
        var rollout = new RateLimitRollout();
        var meta = rollout.getMetadata();
        meta.setNamespace(KEY.namespace());
        meta.setName(KEY.name());
        meta.setUid("6f0c");
        meta.setGeneration(1L);
        meta.setCreationTimestamp("2026-01-01T00:00:00Z");
        rollout.setSpec(scenario.spec());
        return rollout;
    }

    /** Sidecars of pods that are not gone, in the order of their birth. */
    List<Sidecar> sidecars() {
        return List.copyOf(sidecars.values());
    }

    void begin() {
        world.api.onChange(kind -> {
            if (kind == ApiServer.Kind.TARGET) {
                reconcileSoon();
            }
        });
        reconcileSoon();
    }

    void scale(int replicas) {
        var target = world.api.now().target();
        world.api.changeTarget(
                target.getMetadata(),
                builder -> builder.editSpec().withReplicas(replicas).endSpec());
    }

    void delete() {
        world.api.edit(rollout -> {
            rollout.getMetadata().setDeletionTimestamp(world.time.instant().toString());
            return rollout;
        });
    }

    /** A pod is evicted and replaced. */
    void evict() {
        var pods = running();
        if (!pods.isEmpty()) {
            var pod = pods.get(world.random.nextInt(pods.size()));
            world.time.note(() -> "*** pod evicted: " + uid(pod));
            stop(pod);
            reconcileSoon();
        }
    }

    private void reconcileSoon() {
        if (!busy) {
            busy = true;
            world.time.after(world.faults.millis(300, 1_500), () -> {
                busy = false;
                reconcile();
            });
        }
    }

    /** One step towards as many pods of the template's label as are wanted. */
    private void reconcile() {
        var target = world.api.now().target();
        var label = label(target);
        var alive = alive();
        var fresh =
                alive.stream().filter(pod -> Objects.equals(label, label(pod))).toList();
        var old =
                alive.stream().filter(pod -> !Objects.equals(label, label(pod))).toList();
        var wanted = target.getSpec().getReplicas();
        if (fresh.size() < wanted && alive.size() <= wanted) {
            create(label);
        } else if (!old.isEmpty() && fresh.stream().allMatch(Workload::isRunning)) {
            stop(old.getFirst());
        } else if (fresh.size() > wanted) {
            stop(fresh.getLast());
        }
    }

    private void create(@Nullable String label) {
        var name = "pod-" + number++;
        var builder = new PodBuilder()
                .withNewMetadata()
                .withNamespace(KEY.namespace())
                .withName(name)
                .withUid(name)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .endStatus();
        if (label != null) {
            builder.editMetadata().addToLabels(TargetLabel.KEY, label).endMetadata();
            builder.editSpec()
                    .addNewInitContainer()
                    .withName("sluice-limiter")
                    .withImage("sluice/limiter-sidecar:0.1.0")
                    .endInitContainer()
                    .endSpec();
        }
        var pods = new ArrayList<>(world.api.now().pods());
        pods.add(builder.build());
        put(pods);
        world.time.after(world.faults.millis(START_SHORTEST, START_LONGEST), () -> started(name));
        reconcileSoon();
    }

    private void started(String name) {
        replace(
                name,
                pod -> new PodBuilder(pod)
                        .editStatus()
                        .withPhase("Running")
                        .endStatus()
                        .build());
        pod(name).filter(pod -> label(pod) != null).ifPresent(pod -> {
            var sidecar = new Sidecar(world, name);
            sidecars.put(name, sidecar);
            sidecar.start();
        });
        reconcileSoon();
    }

    private void stop(Pod pod) {
        var name = uid(pod);
        replace(
                name,
                found -> new PodBuilder(found)
                        .editMetadata()
                        .withDeletionTimestamp(world.time.instant().toString())
                        .endMetadata()
                        .build());
        world.time.after(STOP, () -> {
            Optional.ofNullable(sidecars.remove(name)).ifPresent(Sidecar::stop);
            put(world.api.now().pods().stream()
                    .filter(found -> !uid(found).equals(name))
                    .toList());
            reconcileSoon();
        });
    }

    private void replace(String name, UnaryOperator<Pod> change) {
        put(world.api.now().pods().stream()
                .map(pod -> uid(pod).equals(name) ? change.apply(pod) : pod)
                .toList());
    }

    /** The Deployment's own status follows, and makes a new version of it. */
    private void put(List<Pod> pods) {
        world.api.pods(pods);
        world.api.changeTarget(
                world.api.now().target().getMetadata(),
                builder ->
                        builder.editOrNewStatus().withReplicas(alive().size()).endStatus());
    }

    Optional<Pod> pod(String uid) {
        return world.api.now().pods().stream()
                .filter(pod -> uid(pod).equals(uid))
                .findFirst();
    }

    boolean isAlive(String uid) {
        return pod(uid).filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .isPresent();
    }

    private List<Pod> alive() {
        return world.api.now().pods().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    private List<Pod> running() {
        return alive().stream().filter(Workload::isRunning).toList();
    }

    /** Whether every pod is as the template says. */
    boolean isSettled() {
        var target = world.api.now().target();
        return world.api.now().pods().size() == target.getSpec().getReplicas()
                && running().size() == target.getSpec().getReplicas()
                && alive().stream().allMatch(pod -> Objects.equals(label(target), label(pod)));
    }

    static boolean isRunning(Pod pod) {
        return "Running".equals(pod.getStatus().getPhase());
    }

    static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    static @Nullable String label(Deployment target) {
        return target.getSpec().getTemplate().getMetadata().getLabels().get(TargetLabel.KEY);
    }

    private static @Nullable String label(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getLabels())
                .map(labels -> labels.get(TargetLabel.KEY))
                .orElse(null);
    }
}
