package sluice.limiter.limit;

import java.util.List;
import sluice.limiter.judge.Backend;

/**
 * What became of a take.
 *
 * @param backend where it was decided
 * @param allowed true when every bucket gave what was demanded, false when none gave anything
 * @param levels one per demand, in their order
 */
public record Taken(Backend backend, boolean allowed, List<BucketLevel> levels) {}
