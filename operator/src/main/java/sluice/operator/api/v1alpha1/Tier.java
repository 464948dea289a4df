package sluice.operator.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** Another size of the same limit for callers of one plan. */
public record Tier(
        @Nullable NameValue claim,
        @Nullable NameValue header,
        long tokens,
        @Nullable Long burst) {}
