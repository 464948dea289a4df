package sluice.limiter.redis;

/** Redis answered something that the script never says. */
final class NonsenseException extends RuntimeException {

    NonsenseException(String message) {
        super(message);
    }
}
