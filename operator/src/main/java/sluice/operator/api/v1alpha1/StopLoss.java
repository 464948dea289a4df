package sluice.operator.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** When to turn back. */
public record StopLoss(
        String prometheus,
        String interval,
        List<StopLossRule> rules,
        NoData noData,
        String progressDeadline,
        String deadManSwitch,
        @Nullable String armedAfterPromotion) {}
