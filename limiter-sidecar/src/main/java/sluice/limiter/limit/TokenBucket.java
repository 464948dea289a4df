package sluice.limiter.limit;

import java.util.List;
import java.util.function.Consumer;
import sluice.limiter.config.Limit;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Backend;

/** Callers' buckets. Confined to one event loop: call it there, and {@code then} is called there. */
public interface TokenBucket {

    /** Takes one token from each limit's bucket, or none from any; {@code limits} have distinct names and tokens. */
    void take(CallerKey caller, List<Limit> limits, Consumer<Taken> then);

    /** Where a decision would be taken now. */
    Backend backend();
}
