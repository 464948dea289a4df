package sluice.operator.admission;

import sluice.operator.api.v1alpha1.RateLimitRollout;

/** The pod template's label that asks for a sidecar; its value changes with everything that is fixed when a pod is created. */
public final class InjectionLabel {

    private InjectionLabel() {}

    /** The label's key. */
    public static String key() {
        throw new UnsupportedOperationException();
    }

    /** {@code <rollout name>.<8 hex of what is fixed at CREATE>}. */
    public static String valueFor(RateLimitRollout rollout, InjectionSettings settings) {
        throw new UnsupportedOperationException();
    }

    /** The rollout's name out of a label's value. */
    public static String rolloutName(String value) {
        throw new UnsupportedOperationException();
    }
}
