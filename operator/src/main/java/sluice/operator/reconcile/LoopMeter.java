package sluice.operator.reconcile;

import java.time.Duration;
import sluice.operator.control.RolloutKey;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Sidecars;

/** Hears how the loop is doing. */
public interface LoopMeter {

    /** An evaluation was completed, so long after it was due. */
    void evaluated(Duration took, Duration late);

    /** This was decided of a rollout, and is committed. */
    void decided(RolloutKey rollout, Evaluation evaluation, Sidecars sidecars);

    /** A rollout is gone. */
    void forgotten(RolloutKey rollout);

    /** A loop ended so: {@code ok}, {@code conflict}, {@code invalid}, {@code error}. */
    void ended(String result);
}
