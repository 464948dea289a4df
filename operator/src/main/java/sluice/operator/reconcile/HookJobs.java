package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.api.v1alpha1.Hook;
import sluice.operator.api.v1alpha1.KubernetesDuration;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.rollout.HookRun;
import sluice.operator.rollout.HookSeen;
import sluice.operator.rollout.RolloutState;

/** The Jobs of hooks: what is seen of them, and making them be what is committed. */
final class HookJobs {

    private static final Logger LOG = LoggerFactory.getLogger(HookJobs.class);

    private final Cluster cluster;
    /** Why the last attempt to make a Job failed, by rollout and by the Job's name, the latest attempt last. */
    private final Map<RolloutKey, SequencedMap<String, String>> refused = new ConcurrentHashMap<>();

    HookJobs(Cluster cluster) {
        this.cluster = cluster;
    }

    /** What is seen of the hooks that run. */
    Map<HookRun, HookSeen> seen(RateLimitRollout rollout, RolloutState state) {
        var seen = new HashMap<HookRun, HookSeen>();
        for (HookRun run : state.hooks()) {
            if (run.outcome() instanceof HookRun.Outcome.Running) {
                HookJob.name(rollout, run).flatMap(name -> seen(rollout, name)).ifPresent(it -> seen.put(run, it));
            }
        }
        return seen;
    }

    private Optional<HookSeen> seen(RateLimitRollout rollout, String name) {
        var key = RolloutObserver.key(rollout);
        return owned(rollout, name)
                .map(HookJob::seen)
                .or(() -> Optional.ofNullable(
                                refused.getOrDefault(key, new LinkedHashMap<>()).get(name))
                        .<HookSeen>map(HookSeen.Refused::new));
    }

    private Optional<Job> owned(RateLimitRollout rollout, String name) {
        return owned(rollout)
                .filter(job -> name.equals(job.getMetadata().getName()))
                .findFirst();
    }

    /** Labels can be anybody's. */
    private Stream<Job> owned(RateLimitRollout rollout) {
        return cluster.hookJobs(RolloutObserver.key(rollout)).stream()
                .filter(job -> job.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner ->
                                owner.getUid().equals(rollout.getMetadata().getUid())));
    }

    /** Makes the Jobs that are wanted, and stops those that nobody asks about any more. */
    void keep(Committed committed, Instant now, Supplier<ClusterChanges> changes) {
        var rollout = committed.rollout();
        var missing = missing(rollout, committed.state(), now);
        start(RolloutObserver.key(rollout), missing, changes);
        var asked = asked(rollout, committed.state());
        var over = owned(rollout)
                .filter(job -> !asked.contains(job.getMetadata().getName()))
                .filter(job -> isOver(job, committed.state()))
                .iterator();
        var stopped = true;
        while (stopped && over.hasNext()) {
            stopped = stop(over.next(), changes);
        }
    }

    private List<Job> missing(RateLimitRollout rollout, RolloutState state, Instant now) {
        return state.hooks().stream()
                .filter(run -> HookJob.name(rollout, run)
                        .flatMap(name -> owned(rollout, name))
                        .isEmpty())
                .flatMap(run -> wanted(rollout, state, run, now))
                .toList();
    }

    /** None is made any more whose time is over. */
    private static Stream<Job> wanted(RateLimitRollout rollout, RolloutState state, HookRun run, Instant now) {
        return run.outcome() instanceof HookRun.Outcome.Running(Instant since)
                ? HookMapping.written(rollout.getSpec()).stream()
                        .filter(hook -> hook.name().equals(run.hook()))
                        .filter(hook -> left(hook, since, now).isPositive())
                        .map(hook ->
                                HookJob.render(rollout, state, hook, run.revision(), since, left(hook, since, now)))
                : Stream.empty();
    }

    private static Duration left(Hook hook, Instant since, Instant now) {
        return KubernetesDuration.parse(hook.timeout()).minus(Duration.between(since, now));
    }

    /**
     * Makes one after the other until one is refused: that may have taken long, and no rule of the rollout is looked at meanwhile. The next
     * turn begins with those that were not refused, so that one that always is holds no other up.
     */
    private void start(RolloutKey rollout, List<Job> missing, Supplier<ClusterChanges> changes) {
        var problems = new LinkedHashMap<>(refused.getOrDefault(rollout, new LinkedHashMap<>()));
        problems.keySet()
                .retainAll(
                        missing.stream().map(job -> job.getMetadata().getName()).toList());
        for (Job job : longestUntriedFirst(missing, List.copyOf(problems.keySet()))) {
            var name = job.getMetadata().getName();
            var problem = start(job, changes);
            if (problem.isPresent()) {
                problems.putLast(name, problem.get());
                break;
            }
            problems.remove(name);
        }
        if (problems.isEmpty()) {
            forget(rollout);
        } else {
            refused.put(rollout, problems);
        }
    }

    private static List<Job> longestUntriedFirst(List<Job> missing, List<String> tried) {
        return missing.stream()
                .sorted(Comparator.comparingInt(
                        job -> tried.indexOf(job.getMetadata().getName())))
                .toList();
    }

    /** A rollout that has gone. */
    void forget(RolloutKey rollout) {
        refused.remove(rollout);
    }

    /** The Jobs of hooks that run, and of those that have failed: people ask those why, also when they have not ended. */
    private static Set<String> asked(RateLimitRollout rollout, RolloutState state) {
        return state.hooks().stream()
                .flatMap(run -> HookJob.name(rollout, run).stream())
                .collect(Collectors.toSet());
    }

    // It still runs, and the state is none that was cached before it was wanted.
    private static boolean isOver(Job job, RolloutState state) {
        return HookJob.end(job).isEmpty()
                && job.getMetadata().getDeletionTimestamp() == null
                && state.timers()
                        .evaluatedAt()
                        .flatMap(at -> HookJob.since(job).map(since -> !since.isAfter(at)))
                        .orElse(true);
    }

    private static Optional<String> start(Job job, Supplier<ClusterChanges> changes) {
        var making = changes.get();
        try {
            making.start(job);
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of("the Job %s cannot be created: %s"
                    .formatted(job.getMetadata().getName(), why(e)));
        }
    }

    private static String why(KubernetesClientException problem) {
        var said = Optional.ofNullable(problem.getStatus())
                .map(Status::getMessage)
                .orElseGet(() -> String.valueOf(problem.getMessage()));
        return StatusText.shortened(said);
    }

    /** False when it did not work: its deadline ends it in any case. */
    private static boolean stop(Job job, Supplier<ClusterChanges> changes) {
        var making = changes.get();
        try {
            making.stop(job);
            return true;
        } catch (KubernetesClientException e) {
            LOG.atWarn()
                    .addKeyValue("job", job.getMetadata().getName())
                    .addKeyValue("code", e.getCode())
                    .log("Job not stopped");
            return false;
        }
    }
}
