package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Bearer tokens that name the user. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.jwksSecretRef) != has(self.hmacSecretRef)",
        message = "spec.limiter.identity.user.jwt: needs exactly one of jwksSecretRef and hmacSecretRef")
@ValidationRule(
        value = "!has(self.claim) || !(self.claim in " + Cel.CLAIMS_OF_ONE_TOKEN + ")",
        fieldPath = ".claim",
        message =
                "spec.limiter.identity.user.jwt.claim: must be one that says something of the caller, not of one token")
public record Jwt(
        @JsonPropertyDescription("The Secret whose key jwks.json holds the public keys, a JWK Set (RFC 7517).")
        @Nullable
        SecretRef jwksSecretRef,

        @JsonPropertyDescription(
                "The Secret whose key hmac.key holds the key, of at least 32 bytes, that the tokens' issuer"
                        + " signs with (HS256, HS384, HS512).")
        @Nullable
        SecretRef hmacSecretRef,

        @JsonPropertyDescription("The claim that names the user.") @Default(Jwt.DEFAULT_CLAIM) @Size(min = 1, max = 64)
        String claim,

        @JsonPropertyDescription("What the token's aud must have; a token for anybody else counts as invalid.")
        @Size(min = 1, max = 256)
        @Nullable
        String audience,

        @JsonPropertyDescription("What the token's iss must be; a token of anybody else's counts as invalid.")
        @Size(min = 1, max = 256)
        @Nullable
        String issuer) {

    static final String DEFAULT_CLAIM = "sub";

    public Jwt {
        claim = requireNonNullElse(claim, DEFAULT_CLAIM);
    }

    /** The Secrets that are named, one in a valid resource. */
    public Stream<SecretRef> secretRefs() {
        return Stream.of(Optional.ofNullable(jwksSecretRef), Optional.ofNullable(hmacSecretRef))
                .flatMap(Optional::stream);
    }
}
