package sluice.limiter.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.InvalidConfigException;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.LimiterConfigParser;

/** Does what the operator's stream says and answers for it. Used on one thread. */
final class StreamUptake {

    /** Tells whoever sent a configuration what became of it. */
    interface Answers {

        void applied(long epoch);

        void refused(long epoch, String reason);
    }

    private static final Logger LOG = LoggerFactory.getLogger(StreamUptake.class);

    private final ConfigUptake uptake;
    private final Lease lease;
    private final Executor loop;
    private boolean understood = true;

    /**
     * Takes up what is heard.
     *
     * @param loop where answers are given
     */
    StreamUptake(ConfigUptake uptake, Lease lease, Executor loop) {
        this.uptake = uptake;
        this.lease = lease;
        this.loop = loop;
    }

    void config(JsonNode document, Answers answers) {
        var epoch = document.path("epoch").asLong();
        try {
            take(LimiterConfigParser.parse(document), answers);
        } catch (InvalidConfigException e) {
            // What cannot be read may be a rollback: an operator that is not understood keeps no canary alive.
            understood = false;
            lease.drop();
            LOG.warn("Epoch {} refused: {}", epoch, e.getMessage());
            answers.refused(epoch, String.valueOf(e.getMessage()));
        }
    }

    private void take(LimiterConfig config, Answers answers) {
        understood = true;
        uptake.fromStream(config).ifPresent(inForce -> {
            var _ = inForce.thenRunAsync(() -> answers.applied(config.epoch()), loop);
        });
    }

    void heartbeat() {
        if (understood) {
            lease.renew();
        }
    }
}
