package sluice.operator.rollout;

import java.time.Duration;

/** At or over this a sample breaches. */
public sealed interface Threshold {
    /**
     * A number.
     *
     * @param value in the signal's unit
     */
    record Fixed(double value) implements Threshold {}

    /**
     * A multiple of what the service showed before the rollout.
     *
     * @param minimum below this it is never a breach, so that three times nothing is not one
     * @param window how far the baseline looks back at most
     */
    record TimesBaseline(double times, double minimum, Duration window) implements Threshold {}
}
