package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A limiter's configuration, kept so that a rollback needs nothing but status. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LimiterStatus(
        @JsonPropertyDescription("First 10 hex digits of the SHA-256 of the limiter's text, or off.") @Nullable
        String revision,

        @JsonPropertyDescription("The limiter's configuration as canonical JSON.") @Nullable
        String limiter,

        @JsonPropertyDescription("Whether it was promoted, rather than being the initial limiter.") @Nullable
        Boolean promoted) {}
