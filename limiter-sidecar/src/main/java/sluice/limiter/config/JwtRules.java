package sluice.limiter.config;

/**
 * Which tokens name a user.
 *
 * @param jwksSecret the folder below the mounted secrets that holds {@code jwks.json}
 * @param claim the claim that names the user
 */
public record JwtRules(String jwksSecret, String claim) {}
