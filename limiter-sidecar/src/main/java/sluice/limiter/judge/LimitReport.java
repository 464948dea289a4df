package sluice.limiter.judge;

import java.util.List;
import java.util.Optional;

/**
 * What a caller is told of its limits.
 *
 * @param states its standing at each limit that matched, in the order of the configuration
 * @param tightest the one of them that is the nearest to stop the caller, or that did
 * @param legacy true when it is told in the {@code X-RateLimit} headers too
 */
public record LimitReport(List<LimitState> states, Optional<LimitState> tightest, boolean legacy) {

    /** No limit matched. */
    public static final LimitReport NONE = new LimitReport(List.of(), Optional.empty(), false);

    /** Of one limit. */
    public static LimitReport of(LimitState state) {
        return new LimitReport(List.of(state), Optional.of(state), false);
    }
}
