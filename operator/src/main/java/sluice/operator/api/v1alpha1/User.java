package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where a caller's user name is found: exactly one of the two is given. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.jwt) != has(self.header)",
        message = "spec.limiter.identity.user: needs exactly one of jwt and header")
public record User(
        @JsonPropertyDescription("Bearer tokens whose signature is verified; an invalid one counts as its address.")
        @Nullable
        Jwt jwt,

        @JsonPropertyDescription("The header that names the user, believed from trustedProxies only.")
        @Size(min = 1, max = 64)
        @ValidationRule(value = Cel.IS_HEADER, message = Cel.HEADER_HELP)
        @Nullable
        String header) {}
