package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a stop-loss rule or a gate looks at. */
public enum SignalName {
    @JsonProperty("ErrorRatio")
    ERROR_RATIO,
    @JsonProperty("LatencyP95")
    LATENCY_P95,
    @JsonProperty("AuthFailures")
    AUTH_FAILURES,
    @JsonProperty("ThrottledRatio")
    THROTTLED_RATIO,
    @JsonProperty("Query")
    QUERY
}
