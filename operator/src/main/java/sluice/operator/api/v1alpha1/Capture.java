package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How traffic reaches the sidecar when Services name the port by number. */
public enum Capture {
    @JsonProperty("Redirect")
    REDIRECT
}
