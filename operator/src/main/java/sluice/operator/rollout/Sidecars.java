package sluice.operator.rollout;

/**
 * The sidecars of the target, counted.
 *
 * @param desired pods that the target wants
 * @param injected running pods that have a sidecar, and pods not seen to run yet whose stream is open, until they acknowledge the epoch
 * @param connected of those, with an open stream
 * @param inSync of those, that acknowledged the state's present epoch
 */
public record Sidecars(int desired, int injected, int connected, int inSync) {
    /** Every wanted pod has a sidecar, and every sidecar does what the present epoch says. */
    public boolean ready() {
        return desired > 0 && injected >= desired && inSync >= injected;
    }

    public boolean scaledToZero() {
        return desired == 0;
    }

    @Override
    public String toString() {
        return "%d desired, %d injected, %d connected, %d in sync".formatted(desired, injected, connected, inSync);
    }
}
