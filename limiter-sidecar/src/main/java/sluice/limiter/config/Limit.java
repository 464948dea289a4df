package sluice.limiter.config;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One token bucket per caller.
 *
 * @param size the bucket's size for callers in no tier; empty when those are not limited
 * @param tiers other sizes; the first that a caller is in counts
 * @param cost the tokens that a request takes, unless one of {@code costs} says otherwise
 * @param costs other costs; the first that matches counts
 */
public record Limit(
        String name,
        LimitMatch match,
        Optional<BucketSize> size,
        List<Tier> tiers,
        long cost,
        List<RequestCost> costs) {

    /** The same limit, whose buckets are kept until the largest of its sizes would be full. */
    Limit keepingBuckets() {
        var longest = Stream.concat(size.stream(), tiers.stream().flatMap(tier -> tier.size().stream()))
                .map(BucketSize::refill)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return new Limit(
                name,
                match,
                size.map(it -> it.keptFor(longest)),
                tiers.stream()
                        .map(tier -> new Tier(tier.mark(), tier.size().map(it -> it.keptFor(longest))))
                        .toList(),
                cost,
                costs);
    }
}
