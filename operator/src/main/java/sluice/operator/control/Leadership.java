package sluice.operator.control;

/** Whether this process is the leader. */
public interface Leadership {
    /** This process holds the lease, as far as it knows. */
    boolean leads();

    /**
     * The last successful renewal is no longer ago than the lease lasts, on the monotonic clock: nobody else can be leading. Only then may
     * anything be promised or written.
     */
    boolean fresh();
}
