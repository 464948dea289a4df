package sluice.limiter.file;

import java.util.Optional;
import sluice.limiter.config.Fields;
import sluice.limiter.proxy.ProxyTimeouts;
import sluice.limiter.proxy.ProxyTuning;

/** The section of the file that tunes the proxy. */
final class ProxySection {

    private ProxySection() {}

    static ProxyTuning of(Optional<Fields> section) {
        return section.map(ProxySection::tuning).orElse(ProxyTuning.DEFAULTS);
    }

    private static ProxyTuning tuning(Fields fields) {
        var usual = ProxyTuning.DEFAULTS;
        var tuning = new ProxyTuning(
                (int) fields.optionalInteger("maxConnections", 1, ProxyTuning.MOST_CONNECTIONS)
                        .orElse(usual.maxConnections()),
                fields.optionalObject("timeouts").map(ProxySection::timeouts).orElse(usual.timeouts()));
        fields.end();
        return tuning;
    }

    private static ProxyTimeouts timeouts(Fields fields) {
        var usual = ProxyTimeouts.DEFAULTS;
        var timeouts = new ProxyTimeouts(
                fields.optional("head", ProxyTuning.TIME).orElse(usual.head()),
                fields.optional("body", ProxyTuning.TIME).orElse(usual.body()),
                fields.optional("idle", ProxyTuning.TIME).orElse(usual.idle()),
                fields.optional("connect", ProxyTuning.TIME).orElse(usual.connect()),
                fields.optional("response", ProxyTuning.TIME).orElse(usual.response()),
                fields.optional("answerPause", ProxyTuning.TIME).orElse(usual.answerPause()),
                fields.optional("stalled", ProxyTuning.TIME).orElse(usual.stalled()),
                fields.optional("upstreamIdle", ProxyTuning.TIME).orElse(usual.upstreamIdle()),
                fields.optional("linger", ProxyTuning.TIME).orElse(usual.linger()),
                fields.optional("stopping", ProxyTuning.TIME).orElse(usual.stopping()));
        fields.end();
        return timeouts;
    }
}
