package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The target's sidecars, counted. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SidecarsStatus(
        @JsonPropertyDescription("Pods that the target wants.") @Nullable
        Integer desired,

        @JsonPropertyDescription(
                "Running pods that have a sidecar, and pods not seen to run yet whose stream is open, until they acknowledge the epoch.")
        @Nullable
        Integer injected,

        @JsonPropertyDescription("Sidecars with an open stream to the operator.") @Nullable
        Integer connected,

        @JsonPropertyDescription("Sidecars that acknowledged the present epoch.") @Nullable
        Integer inSync) {}
