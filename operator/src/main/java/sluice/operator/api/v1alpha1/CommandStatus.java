package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What became of a command. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CommandStatus(
        @JsonPropertyDescription("The annotation's value; a longer one is cut.") @Nullable
        String text,

        @JsonPropertyDescription("Done, Ignored or Malformed.") @Nullable
        String outcome,

        @JsonPropertyDescription("What was done, or why nothing was.") @Nullable
        String message,

        @JsonPropertyDescription("When.") @Nullable String at) {}
