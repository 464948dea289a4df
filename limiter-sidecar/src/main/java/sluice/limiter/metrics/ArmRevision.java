package sluice.limiter.metrics;

import java.util.List;
import sluice.limiter.judge.Arm;

/**
 * A limiter and the arm that it serves.
 *
 * @param limits the names of its limits
 */
public record ArmRevision(Arm arm, String revision, List<String> limits) {}
