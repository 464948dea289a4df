package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the tokens are counted. */
public enum Backend {
    @JsonProperty("Redis")
    REDIS,
    @JsonProperty("Memory")
    MEMORY
}
