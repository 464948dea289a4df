package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Something that people have not been told yet. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PendingNotification(
        @JsonPropertyDescription("The same whenever the same thing is told again.") @Nullable
        String id,

        @JsonPropertyDescription(
                "Rollback, Decision or Snapshot. Where too many wait, snapshots are let go first and rollbacks last.")
        @Nullable
        String kind,

        @JsonPropertyDescription("What they are told.") @Nullable
        String text,

        @JsonPropertyDescription("When it was decided. It is given up a day later.") @Nullable
        String at,

        @JsonPropertyDescription("How many others were left out, because too many waited.") @Nullable
        Integer leftOut) {}
