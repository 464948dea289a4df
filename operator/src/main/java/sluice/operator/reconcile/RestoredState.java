package sluice.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.Command;
import sluice.operator.rollout.CommandNote;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Orders;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Timers;

/**
 * Where a rollout without status goes on: at weight 0, with the stable limiter that the bootstrap ConfigMap keeps, and with an epoch that
 * sidecars take for new. A ConfigMap that does not fit together says nothing of the limiter.
 */
final class RestoredState {

    private static final Logger LOG = LoggerFactory.getLogger(RestoredState.class);
    // An epoch beyond this was never counted up to.
    private static final long HIGHEST_EPOCH = 1L << 53;

    private final RateLimitRollout rollout;
    private final ConfigMap bootstrap;
    private final JsonNode document;

    private RestoredState(RateLimitRollout rollout, ConfigMap bootstrap) {
        this.rollout = rollout;
        this.bootstrap = bootstrap;
        this.document = BootstrapConfigMap.document(bootstrap);
    }

    /**
     * The state.
     *
     * @param labelled whether the target asks for sidecars already: then they stay
     * @param initial the stable limiter of a rollout that nothing is known of
     */
    static RolloutState of(
            RateLimitRollout rollout, Optional<ConfigMap> bootstrap, boolean labelled, Limiter initial, Instant now) {
        var found = bootstrap.map(map -> new RestoredState(rollout, map));
        var stable = found.flatMap(RestoredState::stable);
        return new RolloutState(
                found.map(RestoredState::epoch).orElse(0L) + 1,
                stable.orElse(initial),
                stable.isPresent() && found.map(RestoredState::promoted).orElse(false),
                labelled,
                new Progress.Pending(now),
                Timers.NONE,
                orders(rollout, now),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    // What was typed before there was a status may have been obeyed long ago.
    private static Orders orders(RateLimitRollout rollout, Instant now) {
        return RolloutObserver.command(rollout)
                .map(text -> Orders.NONE.answered(new CommandNote(
                        Command.parse(text).text(),
                        CommandNote.Outcome.IGNORED,
                        "it was there before the rollout had a status; give it anew",
                        now)))
                .orElse(Orders.NONE);
    }

    private Optional<Limiter> stable() {
        try {
            requireOfThisRollout();
            return Optional.of(keptLimiter());
        } catch (IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("rollout", RolloutObserver.key(rollout))
                    .addKeyValue("problem", e.getMessage())
                    .log("the bootstrap ConfigMap does not fit together; beginning with the initial limiter");
            return Optional.empty();
        }
    }

    // The UID is another's after a restore from a backup, in the owner and in the document alike.
    private void requireOfThisRollout() {
        var meta = rollout.getMetadata();
        var owned = bootstrap.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> rollout.getKind().equals(owner.getKind())
                        && meta.getName().equals(owner.getName()));
        require(owned, "it is not owned by the rollout");
        require(
                meta.getNamespace().equals(document.at("/rollout/namespace").textValue())
                        && meta.getName().equals(document.at("/rollout/name").textValue()),
                "its document is another rollout's or not readable");
    }

    private Limiter keptLimiter() {
        var kept = new Limiter(
                annotation(BootstrapConfigMap.STABLE_REVISION).orElse(""),
                annotation(BootstrapConfigMap.STABLE).orElse(""));
        require(LimiterRevision.fits(kept), "the stable limiter is not the one that its revision names");
        require(
                kept.revision().equals(document.at("/stable/revision").textValue()),
                "its document has another stable limiter");
        LimiterConfigRenderer.limiter(kept);
        return kept;
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }

    private boolean promoted() {
        return annotation(BootstrapConfigMap.STABLE_PROMOTED)
                .map(Boolean::parseBoolean)
                .orElse(false);
    }

    private Optional<String> annotation(String name) {
        return Optional.ofNullable(bootstrap.getMetadata().getAnnotations())
                .map((Map<String, String> annotations) -> annotations.get(name));
    }

    private long epoch() {
        var epoch = BootstrapConfigMap.epoch(bootstrap);
        return epoch > 0 && epoch < HIGHEST_EPOCH ? epoch : 0;
    }
}
