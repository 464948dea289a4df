package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Bearer tokens that name the user. */
public record Jwt(
        @JsonPropertyDescription("The Secret whose key jwks.json holds the public keys, a JWK Set (RFC 7517).")
        @Required
        SecretRef jwksSecretRef,

        @JsonPropertyDescription("The claim that names the user.") @Default(Jwt.DEFAULT_CLAIM) @Size(min = 1, max = 64)
        String claim) {

    static final String DEFAULT_CLAIM = "sub";

    public Jwt {
        claim = requireNonNullElse(claim, DEFAULT_CLAIM);
    }
}
