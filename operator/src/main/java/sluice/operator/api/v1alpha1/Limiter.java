package sluice.operator.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole limiter. */
public record Limiter(
        Backend backend,
        @Nullable Redis redis,
        List<Limit> limits,
        @Nullable Identity identity,
        @Nullable Exempt exempt,
        @Nullable Waf waf,
        Enforcement enforcement) {}
