package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The strategy that a running attempt began with. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanStatus(
        @JsonPropertyDescription("How long sidecars are watched at weight 0.") @Nullable
        String observe,

        @JsonPropertyDescription("The steps.") @Nullable List<StepStatus> steps) {}
