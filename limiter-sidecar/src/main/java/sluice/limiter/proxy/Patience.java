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
    private final boolean grpc;
    private long lastProgress = System.nanoTime();

    /** Of a gRPC call any side may keep silent for as long as it likes before it counts as an answer's pause: some calls are waits. */
    Patience(ProxyEnvironment environment, boolean grpc) {
        this.environment = environment;
        this.grpc = grpc;
    }

    void progressed() {
        lastProgress = System.nanoTime();
    }

    boolean isOver(Awaited awaited, long now) {
        return awaited != Awaited.NOBODY
                && now - lastProgress
                        >= limit(awaited, environment.timeouts(), grpc).toNanos();
    }

    private static Duration limit(Awaited awaited, ProxyTimeouts timeouts, boolean grpc) {
        return switch (awaited) {
            case NOBODY -> Duration.ZERO;
            case BODY_FROM_CLIENT -> grpc ? timeouts.answerPause() : timeouts.body();
            case ANSWER_FROM_APP -> grpc ? timeouts.answerPause() : timeouts.response();
            case REST_FROM_APP -> timeouts.answerPause();
            case CLIENT_TO_READ -> timeouts.stalled();
        };
    }
}
