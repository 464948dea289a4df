package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.function.Supplier;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** Gives a pod its limiter sidecar. A pure function of its arguments and the drain token; doing it twice changes nothing. */
public final class PodInjector {

    public PodInjector(Supplier<String> drainTokens) {
        throw new UnsupportedOperationException();
    }

    /** Never fails because of what a pod looks like: a pod that cannot be injected comes back as it was, with the reason. */
    public Injection inject(Pod pod, RateLimitRollout rollout, InjectionSettings settings) {
        throw new UnsupportedOperationException();
    }
}
