package sluice.limiter.proxy;

/** How long it is since something moved, and whom that is to be laid to. */
final class Patience {

    private final ProxyTimeouts timeouts;
    private long lastProgress = System.nanoTime();

    Patience(ProxyTimeouts timeouts) {
        this.timeouts = timeouts;
    }

    void progressed() {
        lastProgress = System.nanoTime();
    }

    /** The client does not send on. */
    boolean isBodyOverdue(long now) {
        return waited(now) >= timeouts.body().toNanos();
    }

    /** The app does not answer. */
    boolean isAnswerOverdue(long now) {
        return waited(now) >= timeouts.response().toNanos();
    }

    /** The app does not go on with its answer. */
    boolean isPauseTooLong(long now) {
        return waited(now) >= timeouts.answerPause().toNanos();
    }

    /** The client does not take its answer. */
    boolean isStalled(long now) {
        return waited(now) >= timeouts.stalled().toNanos();
    }

    private long waited(long now) {
        return now - lastProgress;
    }
}
