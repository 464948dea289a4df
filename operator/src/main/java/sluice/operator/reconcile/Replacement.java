package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import java.util.Optional;

/**
 * What becomes of a target's pods when their template changes, as putting sidecars in place and taking them out does.
 *
 * @param uninterrupted whether the service goes on meanwhile, as far as the target's own settings tell
 * @param complete whether every pod is replaced without anybody's doing
 * @param waitsForReady whether no pod is replaced as long as another does not become ready
 * @param reason a condition's
 * @param message what it means and what to change
 */
public record Replacement(
        boolean uninterrupted, boolean complete, boolean waitsForReady, String reason, String message) {

    private static final String PAUSED = "Paused";

    static Replacement of(DeploymentSpec spec) {
        if (Boolean.TRUE.equals(spec.getPaused())) {
            return new Replacement(
                    true,
                    false,
                    false,
                    PAUSED,
                    "the target is paused: no pod is replaced, so that none gets its sidecar or loses it; kubectl rollout resume lets it go on");
        }
        return spec.getStrategy() != null
                        && "Recreate".equals(spec.getStrategy().getType())
                ? new Replacement(
                        false,
                        true,
                        false,
                        "RecreateStrategy",
                        "the target's strategy is Recreate: putting sidecars in place or taking them out stops all its pods first; set strategy.type to RollingUpdate")
                : rolling(false);
    }

    static Replacement of(StatefulSetSpec spec) {
        if (spec.getUpdateStrategy() != null
                && "OnDelete".equals(spec.getUpdateStrategy().getType())) {
            return new Replacement(
                    false,
                    false,
                    false,
                    "OnDeleteStrategy",
                    "the target's updateStrategy is OnDelete: a pod gets its sidecar, or loses it, only when somebody deletes the pod; delete them one after the other, or set updateStrategy.type to RollingUpdate");
        }
        // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
        var ordered = !"Parallel".equals(spec.getPodManagementPolicy());
        var partition = partition(spec);
        if (partition > 0) {
            return new Replacement(
                    false,
                    false,
                    ordered,
                    "PartitionedUpdate",
                    "the target's updateStrategy.rollingUpdate.partition is %d: pods with a lower ordinal get no sidecar, and lose none; set it to 0"
                            .formatted(partition));
        }
        // There is no surge: its successor has the same name.
        return spec.getReplicas() == null || spec.getReplicas() == 1
                ? new Replacement(
                        false,
                        true,
                        ordered,
                        "SinglePod",
                        "the target is a StatefulSet of one pod, which is stopped before its successor starts: putting its sidecar in place or taking it out interrupts the service; set replicas to 2 or more")
                : rolling(ordered);
    }

    /** Whether nobody but who has paused it can have a pod replaced. */
    boolean paused() {
        return reason.equals(PAUSED);
    }

    private static Replacement rolling(boolean waitsForReady) {
        return new Replacement(true, true, waitsForReady, "RollingUpdate", "pods are replaced one after the other");
    }

    private static int partition(StatefulSetSpec spec) {
        return Optional.ofNullable(spec.getUpdateStrategy())
                .map(strategy -> strategy.getRollingUpdate())
                .map(rolling -> rolling.getPartition())
                .orElse(0);
    }
}
