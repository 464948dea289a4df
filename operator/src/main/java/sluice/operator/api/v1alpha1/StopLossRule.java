package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** One signal and how bad it may be for how long. */
public record StopLossRule(
        SignalName signal,
        @Nullable String threshold,
        @Nullable String timesBaseline,
        @Nullable String minimum,
        @Nullable String baselineWindow,
        @JsonProperty("for") String window,
        @Nullable String name,
        @Nullable String query) {}
