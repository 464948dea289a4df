package sluice.limiter.config;

import java.util.Optional;

/**
 * Which tokens name a user.
 *
 * @param claim the claim that names the user
 * @param audience must be among the token's {@code aud}, when present
 * @param issuer must be the token's {@code iss}, when present
 */
public record JwtRules(TokenKeySource keys, String claim, Optional<String> audience, Optional<String> issuer) {}
