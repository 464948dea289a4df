package sluice.limiter.identity;

/** Something that can tell whose a bearer token is. */
@FunctionalInterface
public interface TokenKeys {

    TokenVerdict verify(String token);
}
