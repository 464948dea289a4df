package sluice.limiter.judge;

import java.util.Optional;

/**
 * The whole judgement of one request.
 *
 * @param revision the limiter that judged, {@code off} for pass-through
 * @param key the caller as logs may show it, {@code user:<hash>} or {@code ip:<hash>}
 * @param wafRule the rule that a trusted WAF named, whether it blocked or only detected
 * @param shadowed true when the limit was exceeded but only counted
 */
public record Judgement(
        Arm arm,
        String revision,
        long epoch,
        String key,
        Backend backend,
        Outcome outcome,
        boolean shadowed,
        Optional<String> wafRule,
        TokenCheck tokenCheck) {

    /** The tightest of the limits that matched; empty when none did, or nobody asked them. */
    public Optional<LimitState> limit() {
        return switch (outcome) {
            case Outcome.Allow allow -> allow.limits().tightest();
            case Outcome.Throttle throttle -> throttle.limits().tightest();
            case Outcome.Block _, Outcome.Maintain _ -> Optional.empty();
        };
    }
}
