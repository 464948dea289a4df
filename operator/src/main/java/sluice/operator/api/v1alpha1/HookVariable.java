package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A variable in the environment of a hook's container. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.value) != has(self.secretKeyRef)",
        message = "spec.hooks[].env[]: needs exactly one of value and secretKeyRef")
public record HookVariable(
        @JsonPropertyDescription("The variable's name.")
        @Required
        @Size(min = 1, max = 64)
        @ValidationRule(
                value = "self.matches('^[A-Za-z_][A-Za-z0-9_]*$') && !self.startsWith('SLUICE_')",
                message =
                        "must be a variable's name, such as BASE_URL, and not begin with SLUICE_, which the operator sets")
        String name,

        @JsonPropertyDescription("Its value, as it is.") @Size(max = 4096) @Nullable
        String value,

        @JsonPropertyDescription("The key of a Secret that has its value, such as a token.") @Nullable
        SecretKeyRef secretKeyRef) {}
