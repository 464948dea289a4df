package sluice.operator.reconcile;

import java.time.Duration;

/** Hears how the loop is doing. */
public interface LoopMeter {

    /** An evaluation was completed, so long after it was due. */
    void evaluated(Duration took, Duration late);

    /** A loop ended so: {@code ok}, {@code conflict}, {@code invalid}, {@code error}. */
    void ended(String result);
}
