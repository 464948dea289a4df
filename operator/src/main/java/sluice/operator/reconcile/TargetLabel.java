package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;

/** The injection label, on a target's pod template and on the pods made from it. */
public final class TargetLabel {

    /** The label's key. */
    public static final String KEY = InjectionLabel.key();

    private TargetLabel() {}

    /** The rollout that a pod's label names. */
    public static Optional<RolloutKey> rollout(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getLabels())
                .map(labels -> labels.get(KEY))
                .map(value -> new RolloutKey(pod.getMetadata().getNamespace(), InjectionLabel.rolloutName(value)));
    }

    static Optional<String> of(Target target) {
        var meta = target.template().getMetadata();
        return Optional.ofNullable(meta).map(template -> template.getLabels()).map(labels -> labels.get(KEY));
    }

    /** The label's value when it is this rollout's: another's is none of our business. */
    static Optional<String> of(Target target, String rollout) {
        return of(target).filter(value -> InjectionLabel.rolloutName(value).equals(rollout));
    }

    /**
     * The value that the target's label must have. Pods are rolled for a rollout that begins, and are watched then; what has changed since,
     * such as the operator's sidecar image, waits for the next one.
     */
    static String wanted(
            Optional<Target> target, RolloutState state, RateLimitRollout rollout, InjectionSettings injection) {
        return target.filter(_ -> !(state.progress() instanceof Progress.Injecting))
                .flatMap(found -> of(found, rollout.getMetadata().getName()))
                .orElseGet(() -> InjectionLabel.valueFor(rollout, injection));
    }
}
