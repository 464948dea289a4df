package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a failed hook does to the rollout. */
public enum HookFailure {
    @JsonProperty("Hold")
    HOLD,
    @JsonProperty("RollBack")
    ROLL_BACK
}
