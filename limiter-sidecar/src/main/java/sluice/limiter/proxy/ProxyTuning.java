package sluice.limiter.proxy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sluice.limiter.config.Durations;

/**
 * What of the proxy a user may change, by a file or by the environment.
 *
 * @param maxConnections of clients at one time; whoever comes then waits in the kernel's backlog until one goes
 */
public record ProxyTuning(int maxConnections, ProxyTimeouts timeouts) {

    public static final ProxyTuning DEFAULTS = new ProxyTuning(10_000, ProxyTimeouts.DEFAULTS);

    public static final int MOST_CONNECTIONS = 9_999_999;

    /** Reads one of the times. */
    public static final Function<String, Duration> TIME = Durations.between(Duration.ofMillis(1), Duration.ofDays(1));

    /** Reads it; a variable that is wrong is named, with what would be right. */
    public static ProxyTuning from(Map<String, String> environment) {
        var usual = DEFAULTS.timeouts();
        return new ProxyTuning(
                count("SLUICE_MAX_CONNECTIONS", environment).orElse(DEFAULTS.maxConnections()),
                new ProxyTimeouts(
                        time("SLUICE_HEAD_TIMEOUT", environment).orElse(usual.head()),
                        time("SLUICE_BODY_TIMEOUT", environment).orElse(usual.body()),
                        time("SLUICE_IDLE_TIMEOUT", environment).orElse(usual.idle()),
                        time("SLUICE_CONNECT_TIMEOUT", environment).orElse(usual.connect()),
                        time("SLUICE_RESPONSE_TIMEOUT", environment).orElse(usual.response()),
                        time("SLUICE_ANSWER_PAUSE_TIMEOUT", environment).orElse(usual.answerPause()),
                        time("SLUICE_STALLED_TIMEOUT", environment).orElse(usual.stalled()),
                        time("SLUICE_UPSTREAM_IDLE_TIMEOUT", environment).orElse(usual.upstreamIdle()),
                        time("SLUICE_LINGER_TIMEOUT", environment).orElse(usual.linger()),
                        time("SLUICE_STOPPING_TIMEOUT", environment).orElse(usual.stopping())));
    }

    private static Optional<String> text(String name, Map<String, String> environment) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<Integer> count(String name, Map<String, String> environment) {
        return text(name, environment).map(value -> {
            if (!value.matches("[1-9]\\d{0,6}")) {
                throw new IllegalArgumentException(
                        name + " must be a whole number from 1 to " + MOST_CONNECTIONS + ", is " + value);
            }
            return Integer.valueOf(value);
        });
    }

    private static Optional<Duration> time(String name, Map<String, String> environment) {
        return text(name, environment).map(value -> {
            try {
                return TIME.apply(value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + " " + e.getMessage(), e);
            }
        });
    }
}
