package sluice.limiter.proxy;

import java.time.Duration;
import java.util.Map;

/** The usual tuning with one of its numbers changed. */
final class Timeouts {

    private Timeouts() {}

    private static ProxyTuning with(String name, Duration time) {
        return ProxyTuning.from(Map.of(name, time.toMillis() + "ms"));
    }

    static ProxyTuning head(Duration head) {
        return with("SLUICE_HEAD_TIMEOUT", head);
    }

    static ProxyTuning body(Duration body) {
        return with("SLUICE_BODY_TIMEOUT", body);
    }

    static ProxyTuning idle(Duration idle) {
        return with("SLUICE_IDLE_TIMEOUT", idle);
    }

    static ProxyTuning connect(Duration connect) {
        return with("SLUICE_CONNECT_TIMEOUT", connect);
    }

    static ProxyTuning response(Duration response) {
        return with("SLUICE_RESPONSE_TIMEOUT", response);
    }

    static ProxyTuning answerPause(Duration pause) {
        return with("SLUICE_ANSWER_PAUSE_TIMEOUT", pause);
    }

    static ProxyTuning stalled(Duration stalled) {
        return with("SLUICE_STALLED_TIMEOUT", stalled);
    }

    static ProxyTuning upstreamIdle(Duration idle) {
        return with("SLUICE_UPSTREAM_IDLE_TIMEOUT", idle);
    }

    static ProxyTuning stopping(Duration stopping) {
        return with("SLUICE_STOPPING_TIMEOUT", stopping);
    }

    static ProxyTuning maxConnections(int most) {
        return ProxyTuning.from(Map.of("SLUICE_MAX_CONNECTIONS", Integer.toString(most)));
    }
}
