package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A claim or header and the value it must have. */
public record NameValue(
        @JsonPropertyDescription("The name of the claim or header.") @Required @Size(min = 1, max = 128)
        String name,

        @JsonPropertyDescription("The value it must have.") @Required @Size(min = 1, max = 128)
        String value) {}
