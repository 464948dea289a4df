package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who lets a step advance. */
public enum Approval {
    @JsonProperty("Manual")
    MANUAL
}
