package sluice.limiter.control;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.LimiterConfig;

/** Decides whether a configuration is newer than the one in force, and puts it in force. Used by one thread at a time. */
final class ConfigUptake {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigUptake.class);

    private final CurrentConfig current;
    private final JudgeAssembly assembly;
    private final SwitchedJudge judge;
    private final Lease lease;
    private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);

    ConfigUptake(CurrentConfig current, JudgeAssembly assembly, SwitchedJudge judge, Lease lease) {
        this.current = current;
        this.assembly = assembly;
        this.judge = judge;
        this.lease = lease;
    }

    /** From the bootstrap file, which lags behind the stream: taken up when it is newer. */
    void fromFile(LimiterConfig config) {
        if (isOther(config) || config.epoch() > current.current().epoch()) {
            var _ = apply(config);
        }
    }

    /**
     * From the operator's stream. Empty when {@code config} is older than the one in force and ignored; else completes when no request
     * is judged by any before any more: one that is told again, after a reconnect, may not have got that far.
     */
    Optional<CompletableFuture<Void>> fromStream(LimiterConfig config) {
        if (!isOther(config) && config.epoch() < current.current().epoch()) {
            LOG.info(
                    "Epoch {} ignored: {} is in force",
                    config.epoch(),
                    current.current().epoch());
            return Optional.empty();
        }
        return Optional.of(config.equals(current.current()) ? settled : apply(config));
    }

    // A rollout that was deleted and made again counts its epochs from the start.
    private boolean isOther(LimiterConfig config) {
        return !config.rollout().equals(current.current().rollout());
    }

    private CompletableFuture<Void> apply(LimiterConfig config) {
        var before = judge.replace(assembly.assemble(config, () -> !lease.isLost(config)));
        settled = settled.isDone() ? before : CompletableFuture.allOf(settled, before);
        current.set(config);
        assembly.retain(config);
        LOG.info(
                "Epoch {} in force: weight {}, stable {}, candidate {}",
                config.epoch(),
                config.weight(),
                config.stable().revision(),
                config.candidate().map(limiter -> limiter.revision()).orElse("none"));
        return settled;
    }
}
