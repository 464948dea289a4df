package sluice.cli;

/** How the program ends. Each way that a script would treat differently has a code of its own. */
public final class ExitCode {
    public static final int DONE = 0;
    /** It could not be done: no such rollout, no way to the cluster, not allowed. */
    public static final int FAILED = 1;
    /** Something was typed wrong, or a file is. */
    public static final int USAGE = 2;
    /** The operator has answered, and has not done it. */
    public static final int IGNORED = 3;
    /** The time was over first. */
    public static final int TIMED_OUT = 4;
    /** The rollout went back. */
    public static final int ROLLED_BACK = 5;
    /** The rollout waits for somebody. */
    public static final int WAITING = 6;

    private ExitCode() {}
}
