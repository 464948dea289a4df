package sluice.operator.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One token bucket per caller. */
public record Limit(
        String name,
        @Nullable Match match,
        long tokens,
        String per,
        @Nullable Long burst,
        @Nullable List<Tier> tiers) {}
