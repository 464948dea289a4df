package sluice.limiter.metrics;

import sluice.limiter.judge.Arm;

/** A limiter and the arm that it serves. */
public record ArmRevision(Arm arm, String revision) {}
