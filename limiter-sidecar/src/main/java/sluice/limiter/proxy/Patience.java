package sluice.limiter.proxy;

import java.time.Duration;

/** How long it is since something moved, and whether that is too long for what is being waited for. */
final class Patience {

    /** Whom a pause is to be laid to. */
    enum Awaited {
        NOBODY,
        BODY_FROM_CLIENT,
        ANSWER_FROM_APP,
        REST_FROM_APP,
        CLIENT_TO_READ
    }

    private final ProxyEnvironment environment;
    private long lastProgress = System.nanoTime();

    Patience(ProxyEnvironment environment) {
        this.environment = environment;
    }

    void progressed() {
        lastProgress = System.nanoTime();
    }

    boolean isOver(Awaited awaited, long now) {
        return awaited != Awaited.NOBODY
                && now - lastProgress >= limit(awaited, environment.timeouts()).toNanos();
    }

    private static Duration limit(Awaited awaited, ProxyTimeouts timeouts) {
        return switch (awaited) {
            case NOBODY -> Duration.ZERO;
            case BODY_FROM_CLIENT -> timeouts.body();
            case ANSWER_FROM_APP -> timeouts.response();
            case REST_FROM_APP -> timeouts.answerPause();
            case CLIENT_TO_READ -> timeouts.stalled();
        };
    }
}
