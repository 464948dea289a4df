package sluice.limiter.config;

/** A configuration that cannot be applied; the message names the field and says what it must be. */
public final class InvalidConfigException extends RuntimeException {

    public InvalidConfigException(String message) {
        super(message);
    }

    static InvalidConfigException at(String field, String fault) {
        return new InvalidConfigException(field + ": " + fault);
    }
}
