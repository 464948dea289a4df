package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a request that finds no token. */
public enum Enforcement {
    @JsonProperty("Enforce")
    ENFORCE,
    @JsonProperty("Shadow")
    SHADOW
}
