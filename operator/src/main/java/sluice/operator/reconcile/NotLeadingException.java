package sluice.operator.reconcile;

/** The lease was not renewed in time: another may be leading, so nothing may be written. */
final class NotLeadingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotLeadingException() {
        super("the lease was not renewed in time");
    }
}
