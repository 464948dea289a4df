package sluice.limiter.redis;

/** Redis answered something that makes no sense. */
final class NonsenseException extends RuntimeException {

    NonsenseException(String message) {
        super(message);
    }
}
