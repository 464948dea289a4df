package sluice.limiter.file;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import sluice.limiter.config.Durations;
import sluice.limiter.config.Fields;
import sluice.limiter.proxy.ProxyTimeouts;
import sluice.limiter.proxy.ProxyTuning;

/** The section of the file that tunes the proxy. */
final class ProxySection {

    private static final int MOST_CONNECTIONS = 9_999_999;
    private static final Function<String, Duration> TIME = Durations.between(Duration.ofMillis(1), Duration.ofDays(1));

    private ProxySection() {}

    static ProxyTuning of(Optional<Fields> section) {
        return section.map(ProxySection::tuning).orElse(ProxyTuning.DEFAULTS);
    }

    private static ProxyTuning tuning(Fields fields) {
        var usual = ProxyTuning.DEFAULTS;
        var tuning = new ProxyTuning(
                (int) fields.optionalInteger("maxConnections", 1, MOST_CONNECTIONS)
                        .orElse(usual.maxConnections()),
                fields.optionalObject("timeouts").map(ProxySection::timeouts).orElse(usual.timeouts()));
        fields.end();
        return tuning;
    }

    private static ProxyTimeouts timeouts(Fields fields) {
        var usual = ProxyTimeouts.DEFAULTS;
        var timeouts = new ProxyTimeouts(
                fields.optional("head", TIME).orElse(usual.head()),
                fields.optional("body", TIME).orElse(usual.body()),
                fields.optional("idle", TIME).orElse(usual.idle()),
                fields.optional("connect", TIME).orElse(usual.connect()),
                fields.optional("response", TIME).orElse(usual.response()),
                fields.optional("answerPause", TIME).orElse(usual.answerPause()),
                fields.optional("stalled", TIME).orElse(usual.stalled()),
                fields.optional("upstreamIdle", TIME).orElse(usual.upstreamIdle()),
                fields.optional("linger", TIME).orElse(usual.linger()),
                fields.optional("stopping", TIME).orElse(usual.stopping()));
        fields.end();
        return timeouts;
    }
}
