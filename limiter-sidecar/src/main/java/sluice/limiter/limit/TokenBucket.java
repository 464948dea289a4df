package sluice.limiter.limit;

import java.util.List;
import java.util.function.Consumer;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;

/** Callers' buckets. Confined to one event loop: call it there, and {@code then} is called there. */
public interface TokenBucket {

    /** Takes each demand's cost from its bucket, or nothing from any; {@code demands} have distinct limits, whose buckets refill. */
    void take(CallerKey caller, List<Demand> demands, Consumer<Taken> then);

    /** Where a decision would be taken now. */
    Backend backend();
}
