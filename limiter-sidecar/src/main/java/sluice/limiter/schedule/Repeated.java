package sluice.limiter.schedule;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task on a schedule, which would never run it again after it threw. The same problem is logged once until it is over. */
public final class Repeated implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Repeated.class);

    private final String failure;
    private final Runnable task;
    private String lastProblem = "";

    /**
     * Repeats a task.
     *
     * @param failure what to log when it throws
     */
    public Repeated(String failure, Runnable task) {
        this.failure = failure;
        this.task = task;
    }

    @Override
    public void run() {
        try {
            task.run();
            lastProblem = "";
        } catch (Throwable e) {
            if (isFatal(e)) {
                throw e;
            }
            if (!e.toString().equals(lastProblem)) {
                LOG.error("{}; trying again", failure, e);
            }
            lastProblem = e.toString();
        }
    }

    /** True when the JVM itself is broken, or has no memory left: nothing can be relied on any more. */
    private static boolean isFatal(Throwable problem) {
        return problem instanceof VirtualMachineError && !(problem instanceof StackOverflowError);
    }
}
