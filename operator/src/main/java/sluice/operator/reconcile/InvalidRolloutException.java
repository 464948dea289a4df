package sluice.operator.reconcile;

/** A resource that cannot be worked with; the message names the field and the fix. */
final class InvalidRolloutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidRolloutException(String message) {
        super(message);
    }

    InvalidRolloutException(String message, Throwable cause) {
        super(message, cause);
    }
}
