package sluice.limiter.judge;

import java.time.Duration;
import java.util.Optional;

/** What is to become of a request. */
public sealed interface Outcome {

    /** Forward it; {@code limit} is empty when no limit matched. */
    record Allow(Optional<LimitState> limit) implements Outcome {}

    /** Answer 429; {@code retryAfter} is when the next token is there, and empty for a limit of 0 tokens. */
    record Throttle(LimitState limit, Optional<Duration> retryAfter) implements Outcome {}

    /** Answer 403: the WAF marked the request as blocked. */
    record Block() implements Outcome {}
}
