package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.TargetKind;

/**
 * The workload whose pods get the sidecar.
 *
 * @param template what its pods are made from
 * @param wanted how many pods it wants
 * @param present how many it has, those that are still to be replaced included
 * @param replacement what becomes of its pods when the template changes
 */
public record Target(
        TargetKind kind,
        ObjectMeta metadata,
        PodTemplateSpec template,
        int wanted,
        int present,
        Replacement replacement) {

    public static Target of(Deployment deployment) {
        var spec = deployment.getSpec();
        return new Target(
                TargetKind.DEPLOYMENT,
                deployment.getMetadata(),
                spec.getTemplate(),
                wanted(spec.getReplicas()),
                present(Optional.ofNullable(deployment.getStatus()).map(DeploymentStatus::getReplicas)),
                Replacement.of(spec));
    }

    public static Target of(StatefulSet set) {
        var spec = set.getSpec();
        return new Target(
                TargetKind.STATEFUL_SET,
                set.getMetadata(),
                spec.getTemplate(),
                wanted(spec.getReplicas()),
                present(Optional.ofNullable(set.getStatus()).map(StatefulSetStatus::getReplicas)),
                Replacement.of(spec));
    }

    private static int wanted(@Nullable Integer replicas) {
        return replicas == null ? 1 : replicas;
    }

    private static int present(Optional<Integer> replicas) {
        return replicas.orElse(0);
    }

    /** {@code Deployment scholarship-api}. */
    String title() {
        return kind.text() + " " + metadata.getName();
    }
}
