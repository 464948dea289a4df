package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How an attempt ended. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryStatus(
        @JsonPropertyDescription("The candidate.") @Nullable String revision,

        @JsonPropertyDescription("Promoted, RolledBack or Superseded.") @Nullable
        String outcome,

        @JsonPropertyDescription("Why; for a rollback the signal.") @Nullable
        String reason,

        @JsonPropertyDescription("When it ended.") @Nullable String at) {}
