package sluice.limiter.config;

/** Where the keys are that tokens are verified with: a folder below the mounted secrets, and what it holds. */
public sealed interface TokenKeySource {

    /** The Secret's name, which is the folder's. */
    String secret();

    /** The file in the folder. */
    String file();

    /** {@code jwks.json}, a JWK Set (RFC 7517). */
    record Jwks(String secret) implements TokenKeySource {

        @Override
        public String file() {
            return "jwks.json";
        }
    }

    /** {@code hmac.key}, the bytes of one key shared with the tokens' issuer. */
    record Hmac(String secret) implements TokenKeySource {

        @Override
        public String file() {
            return "hmac.key";
        }
    }
}
