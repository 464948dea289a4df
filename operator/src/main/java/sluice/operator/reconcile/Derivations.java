package sluice.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.admission.InjectionLabel;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.control.Leadership;
import sluice.operator.control.Publication;
import sluice.operator.control.RolloutKey;
import sluice.operator.control.Streams;

/**
 * Makes the world be as status says: stream, bootstrap ConfigMap, label, hooks' Jobs, Events, evidence. Goes by what is committed alone and may be repeated without
 * harm, so that a crash anywhere in between is repaired by the next loop.
 */
final class Derivations {

    private static final Logger LOG = LoggerFactory.getLogger(Derivations.class);
    private static final int MOST_REMEMBERED = 10_000;

    private final Cluster cluster;
    private final HookJobs hooks;
    private final ClusterChanges changes;
    private final Streams streams;
    private final InjectionSettings injection;
    private final Supplier<String> authorities;
    private final Leadership leadership;
    private final InstantSource clock;
    /** Names of Events that need not be told again. */
    private final Set<String> told = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_REMEMBERED;
        }
    }));

    /**
     * Derives through these.
     *
     * @param authorities PEM of the CA certificates that sidecars must trust
     */
    Derivations(
            Cluster cluster,
            HookJobs hooks,
            ClusterChanges changes,
            Streams streams,
            InjectionSettings injection,
            Supplier<String> authorities,
            Leadership leadership,
            InstantSource clock) {
        this.cluster = cluster;
        this.hooks = hooks;
        this.changes = changes;
        this.streams = streams;
        this.injection = injection;
        this.authorities = authorities;
        this.leadership = leadership;
        this.clock = clock;
    }

    /** Makes what a turn has decided true. */
    void apply(Committed committed) {
        carryOut(committed);
        hooks.keep(committed, clock.instant(), this::changes);
        tell(committed);
        changes().keep(committed.rollout());
    }

    /** Makes true what a turn has decided that was cut short. Begins no hook: the turn that follows may want it no more. */
    void repair(Committed committed) {
        carryOut(committed);
        tell(committed);
        changes().keep(committed.rollout());
    }

    /** A rollout that has gone. */
    void forget(RolloutKey rollout) {
        hooks.forget(rollout);
    }

    private void carryOut(Committed committed) {
        var document = LimiterConfigRenderer.render(committed.state(), frame(committed));
        requireLeading();
        // The stream first: it is what a rollback waits for.
        streams.publish(
                RolloutObserver.key(committed.rollout()),
                new Publication(committed.state().epoch(), document, committed.deadManSwitch()));
        keepBootstrap(committed, document);
        committed.target().ifPresent(target -> keepLabel(committed, target));
    }

    private void tell(Committed committed) {
        RolloutEvents.of(committed.rollout(), committed.state(), clock.instant()).stream()
                .filter(telling -> !told.contains(telling.name()))
                .forEach(this::tell);
    }

    /** Before every single write: between two of them the process may have slept while another began to lead. */
    private ClusterChanges changes() {
        requireLeading();
        return changes;
    }

    private void requireLeading() {
        if (!leadership.fresh()) {
            throw new NotLeadingException();
        }
    }

    private static LimiterConfigRenderer.Frame frame(Committed committed) {
        var meta = committed.rollout().getMetadata();
        return new LimiterConfigRenderer.Frame(
                meta.getNamespace(),
                meta.getName(),
                meta.getUid(),
                committed.replicas(),
                committed.deadManSwitch().toSeconds());
    }

    private void keepBootstrap(Committed committed, String document) {
        var present = cluster.bootstrap(RolloutObserver.key(committed.rollout()));
        var wanted =
                BootstrapConfigMap.render(committed.rollout(), committed.state(), document, authorities.get(), present);
        if (present.filter(map -> BootstrapConfigMap.holds(wanted, map)).isEmpty()) {
            changes().put(wanted);
        }
    }

    private void keepLabel(Committed committed, Target target) {
        var ours = TargetLabel.of(target, committed.rollout().getMetadata().getName());
        if (!committed.state().injectionWanted()) {
            if (ours.isPresent()) {
                changes().unlabel(target);
            }
            return;
        }
        var value = TargetLabel.wanted(Optional.of(target), committed.state(), committed.rollout(), injection);
        if (!ours.equals(Optional.of(value)) && !isAnothers(committed, target)) {
            changes().label(target, value);
        }
    }

    private boolean isAnothers(Committed committed, Target target) {
        return TargetLabel.of(target)
                .map(InjectionLabel::rolloutName)
                .filter(name -> !name.equals(committed.rollout().getMetadata().getName()))
                .filter(name -> cluster.rollouts(target.metadata().getNamespace()).stream()
                        .anyMatch(other -> other.getMetadata().getName().equals(name)))
                .isPresent();
    }

    /** An Event that cannot be told holds nothing up; it is tried again as long as its decision is the last. */
    private void tell(RolloutEvents.Telling telling) {
        var event = telling.event().get();
        try {
            changes().tell(event);
            told.add(telling.name());
        } catch (KubernetesClientException e) {
            LOG.atWarn()
                    .addKeyValue("reason", event.getReason())
                    .addKeyValue("code", e.getCode())
                    .log("Event not told");
        }
    }
}
