package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The stable arm before the first promotion. */
public enum InitialLimiter {
    @JsonProperty("Off")
    OFF,
    @JsonProperty("Memory")
    MEMORY
}
