package sluice.limiter.judge;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is to become of a request. */
public sealed interface Outcome {

    /** Forward it. */
    record Allow(LimitReport limits) implements Outcome {

        /** When at most one limit matched. */
        public Allow(Optional<LimitState> limit) {
            this(limit.map(LimitReport::of).orElse(LimitReport.NONE));
        }
    }

    /**
     * Answer 429.
     *
     * @param exceeded the names of the limits that had not enough tokens; the one that takes longest is the first
     * @param retryAfter when that one has; empty when it never has, being a limit of 0 tokens
     */
    record Throttle(LimitReport limits, List<String> exceeded, Optional<Duration> retryAfter) implements Outcome {

        /** When one limit matched. */
        public Throttle(LimitState limit, Optional<Duration> retryAfter) {
            this(LimitReport.of(limit), List.of(limit.limit()), retryAfter);
        }
    }

    /** Answer 503: whoever runs the service has it closed. */
    record Maintain(Duration retryAfter) implements Outcome {}

    /** Answer 403: the WAF marked the request as blocked. */
    record Block() implements Outcome {}
}
