package sluice.limiter.proxy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What of the proxy a user may change, by the environment.
 *
 * @param maxConnections of clients at one time; whoever comes then waits in the kernel's backlog until one goes
 */
public record ProxyTuning(int maxConnections, ProxyTimeouts timeouts) {

    public static final ProxyTuning DEFAULTS = new ProxyTuning(10_000, ProxyTimeouts.DEFAULTS);

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

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
                throw new IllegalArgumentException(name + " must be a whole number from 1 to 9999999, is " + value);
            }
            return Integer.valueOf(value);
        });
    }

    private static Optional<Duration> time(String name, Map<String, String> environment) {
        return text(name, environment).map(value -> {
            var duration = DURATION.matcher(value);
            var time = duration.matches() ? of(Long.parseLong(duration.group(1)), duration.group(2)) : Duration.ZERO;
            if (!time.isPositive() || time.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(
                        name + " must be a time such as 300ms, 30s or 5m, a day at most, is " + value);
            }
            return time;
        });
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }
}
