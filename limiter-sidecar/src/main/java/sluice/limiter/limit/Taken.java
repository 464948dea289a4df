package sluice.limiter.limit;

import java.util.List;
import sluice.limiter.judge.Backend;

/**
 * What became of a take.
 *
 * @param backend where it was decided
 * @param allowed true when every bucket gave a token, false when none did
 * @param levels one per limit, in the order of the limits asked for
 */
public record Taken(Backend backend, boolean allowed, List<BucketLevel> levels) {}
