package sluice.limiter.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.InvalidConfigException;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.LimiterConfigParser;

/** Does what the operator's stream says and answers for it. Used on one thread. */
final class StreamUptake {

    /** Tells whoever sent a configuration what became of it. */
    interface Answers {

        /**
         * It is in force.
         *
         * @param failures what the request log last said of failures, when nobody is in the candidate arm any more
         */
        void applied(long epoch, List<String> failures);

        void refused(long epoch, String reason);
    }

    private static final Logger LOG = LoggerFactory.getLogger(StreamUptake.class);

    private final ConfigUptake uptake;
    private final Lease lease;
    private final Executor loop;
    private final Supplier<List<String>> failures;
    private boolean understood = true;

    /**
     * Takes up what is heard.
     *
     * @param loop where answers are given
     * @param failures the last lines of the request log about failures
     */
    StreamUptake(ConfigUptake uptake, Lease lease, Executor loop, Supplier<List<String>> failures) {
        this.uptake = uptake;
        this.lease = lease;
        this.loop = loop;
        this.failures = failures;
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
            var _ = inForce.thenRunAsync(() -> answers.applied(config.epoch(), failuresFor(config)), loop);
        });
    }

    private List<String> failuresFor(LimiterConfig config) {
        try {
            return config.weight() == 0 ? failures.get() : List.of();
        } catch (RuntimeException e) {
            // A rollback is proven by the acknowledgement, whatever could not be said beside it.
            LOG.atWarn().setCause(e).log("The last failures cannot be told");
            return List.of();
        }
    }

    void heartbeat() {
        if (understood) {
            lease.renew();
        }
    }
}
