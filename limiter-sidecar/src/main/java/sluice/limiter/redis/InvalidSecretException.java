package sluice.limiter.redis;

/** A Secret that does not say how to reach Redis. The message names the key, never its value; there is no cause that could. */
final class InvalidSecretException extends RuntimeException {

    InvalidSecretException(String message) {
        super(message);
    }
}
