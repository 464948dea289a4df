package sluice.limiter.config;

import java.util.function.BiFunction;

/**
 * Reads a jwt section, in which each spelling names the Secret of the keys in its own way.
 *
 * @param jwks the field of a Secret with a JWKS
 * @param hmac the field of a Secret with a shared key
 * @param secret reads the name of a Secret from such a field
 */
record JwtParser(String jwks, String hmac, BiFunction<Fields, String, String> secret) {

    JwtRules parse(Fields jwt) {
        var rules = new JwtRules(
                keys(jwt),
                jwt.optionalText("claim").orElse("sub"),
                jwt.optionalText("audience"),
                jwt.optionalText("issuer"));
        jwt.end();
        return rules;
    }

    private TokenKeySource keys(Fields jwt) {
        if (jwt.has(jwks) && jwt.has(hmac)) {
            jwt.fault(hmac, "must be absent when " + jwks + " is given; tokens are verified by one of the two");
        }
        if (!jwt.has(hmac) && !jwt.has(jwks)) {
            jwt.fault(jwks, "is missing; give it, or " + hmac);
        }
        return jwt.has(hmac)
                ? new TokenKeySource.Hmac(secret.apply(jwt, hmac))
                : new TokenKeySource.Jwks(secret.apply(jwt, jwks));
    }
}
