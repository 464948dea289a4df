package sluice.operator.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to limit, how to get there, and when to turn back. */
public record RateLimitRolloutSpec(
        TargetRef targetRef,
        String port,
        Limiter limiter,
        InitialLimiter initialLimiter,
        Strategy strategy,
        StopLoss stopLoss,
        @Nullable List<Gate> gates,
        @Nullable Integer minimumRequests,
        @Nullable Notifications notifications,
        @Nullable Maintenance maintenance,
        @Nullable Boolean suspend,
        @Nullable Capture capture) {}
