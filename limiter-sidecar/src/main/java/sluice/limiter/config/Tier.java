package sluice.limiter.config;

import java.util.Optional;

/**
 * Another size of a limit for some callers. A bucket belongs to the caller whatever the tier, so that changing it grants no fresh burst.
 *
 * @param size empty: callers in this tier are not limited
 */
public record Tier(Mark mark, Optional<BucketSize> size) {

    /** What puts a caller into a tier. */
    public sealed interface Mark {

        /** A claim of the caller's token, when that was verified: {@code value}, or a list that has it. */
        record Claim(String name, String value) implements Mark {}

        /** A header that the request has once, with this value, from a trusted proxy. */
        record Header(String name, String value) implements Mark {}
    }
}
