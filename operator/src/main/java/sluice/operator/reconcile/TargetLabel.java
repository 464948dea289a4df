package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Optional;
import sluice.operator.admission.InjectionLabel;

/** Reads the injection label of a target's pod template. */
final class TargetLabel {

    private TargetLabel() {}

    static Optional<String> of(Deployment target) {
        var meta = target.getSpec().getTemplate().getMetadata();
        return Optional.ofNullable(meta)
                .map(template -> template.getLabels())
                .map(labels -> labels.get(InjectionLabel.key()));
    }

    /** The label's value when it is this rollout's: another's is none of our business. */
    static Optional<String> of(Deployment target, String rollout) {
        return of(target).filter(value -> InjectionLabel.rolloutName(value).equals(rollout));
    }
}
