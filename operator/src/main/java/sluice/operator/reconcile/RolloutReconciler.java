package sluice.operator.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.Acks;
import sluice.operator.control.Leadership;
import sluice.operator.control.RolloutKey;
import sluice.operator.control.Streams;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.SignalReader;

/** The controller: gives every rollout its turns, whenever something about it changed and when its time has come. */
public final class RolloutReconciler implements Reconciler<RateLimitRollout>, Cleaner<RateLimitRollout> {

    /** The finalizer that keeps a deleted rollout until its sidecars are on their way out. */
    public static final String FINALIZER = "sluice.dev/limiter";

    /**
     * What a turn works with.
     *
     * @param authorities PEM of the CA certificates that sidecars must trust
     * @param ownBlockers what keeps the operator itself from beginning anything
     * @param reports where the message of a rollback leads
     */
    public record Parts(
            ClusterChanges changes,
            Streams streams,
            Acks acks,
            SignalReader signals,
            InjectionSettings injection,
            Supplier<String> authorities,
            Supplier<List<Blocker>> ownBlockers,
            Leadership leadership,
            Notifier notifier,
            ReportLink reports,
            LoopMeter meter,
            InstantSource clock) {}

    /** The cluster as informers see it. */
    public interface WatchedCluster extends Cluster {
        List<EventSource<?, RateLimitRollout>> eventSources();
    }

    private final Parts parts;
    private final Function<EventSourceContext<RateLimitRollout>, WatchedCluster> watch;
    private final SimpleInboundEventSource<RateLimitRollout> nudges = new SimpleInboundEventSource<>("sidecars");
    private @Nullable RolloutLoop loop;

    /**
     * A controller that works once it is registered and started.
     *
     * @param watch makes the view of the cluster
     */
    public RolloutReconciler(Parts parts, Function<EventSourceContext<RateLimitRollout>, WatchedCluster> watch) {
        this.parts = parts;
        this.watch = watch;
    }

    /** Gives a rollout a turn at once. */
    public void nudge(RolloutKey rollout) {
        if (nudges.isRunning()) {
            nudges.propagateEvent(new ResourceID(rollout.name(), rollout.namespace()));
        }
    }

    @Override
    public List<EventSource<?, RateLimitRollout>> prepareEventSources(EventSourceContext<RateLimitRollout> context) {
        var cluster = watch.apply(context);
        loop = loop(cluster, parts, new Random());
        var sources = new ArrayList<EventSource<?, RateLimitRollout>>(cluster.eventSources());
        sources.add(nudges);
        return sources;
    }

    /** The loop that a controller runs, for one that is driven otherwise. */
    static RolloutLoop loop(Cluster cluster, Parts parts, RandomGenerator jitter) {
        var hooks = new HookJobs(cluster);
        var observer = new RolloutObserver(
                cluster, hooks, parts.streams(), parts.acks(), parts.signals(), parts.injection(), parts.ownBlockers());
        var derivations = new Derivations(
                cluster,
                hooks,
                parts.changes(),
                parts.streams(),
                parts.injection(),
                parts.authorities(),
                parts.leadership(),
                parts.clock());
        return new RolloutLoop(
                observer,
                new StatusCommitter(parts.leadership(), parts.notifier(), parts.reports(), parts.clock()),
                derivations,
                new Farewell(cluster, observer, derivations, parts.clock()),
                parts.streams(),
                parts.meter(),
                parts.clock(),
                jitter);
    }

    private RolloutLoop loop() {
        if (loop == null) {
            throw new IllegalStateException("the controller was not started");
        }
        return loop;
    }

    @Override
    public UpdateControl<RateLimitRollout> reconcile(RateLimitRollout rollout, Context<RateLimitRollout> context) {
        var next = loop().turn(rollout, changed -> context.resourceOperations().updatePrimaryStatus(changed));
        return UpdateControl.<RateLimitRollout>noUpdate().rescheduleAfter(next);
    }

    @Override
    public DeleteControl cleanup(RateLimitRollout rollout, Context<RateLimitRollout> context) {
        return loop().farewell(rollout)
                .map(next -> DeleteControl.noFinalizerRemoval().rescheduleAfter(next.toMillis()))
                .orElseGet(DeleteControl::defaultDelete);
    }
}
