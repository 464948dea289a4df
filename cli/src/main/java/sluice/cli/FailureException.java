package sluice.cli;

/** What was asked for rightly could not be done; the message says why. */
public final class FailureException extends RuntimeException {
    private final int exitCode;

    /**
     * A failure.
     *
     * @param exitCode one of {@link ExitCode}
     */
    public FailureException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
