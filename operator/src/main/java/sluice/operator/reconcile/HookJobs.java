package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.rollout.HookRun;
import sluice.operator.rollout.HookSeen;
import sluice.operator.rollout.RolloutState;

/** The Jobs of hooks: what is seen of them, and making them be what is committed. */
final class HookJobs {

    private static final Logger LOG = LoggerFactory.getLogger(HookJobs.class);
    private static final int LONGEST_REFUSAL = 400;

    private final Cluster cluster;
    /** Why the last attempt to make a Job failed, by rollout and by the Job's name. */
    private final Map<RolloutKey, Map<String, String>> refused = new ConcurrentHashMap<>();

    HookJobs(Cluster cluster) {
        this.cluster = cluster;
    }

    /** What is seen of the hooks that run. */
    Map<HookRun, HookSeen> seen(RateLimitRollout rollout, RolloutState state) {
        var seen = new HashMap<HookRun, HookSeen>();
        for (HookRun run : state.hooks()) {
            if (run.outcome() instanceof HookRun.Outcome.Running(Instant since)) {
                var name = HookJob.name(rollout.getMetadata().getName(), run.hook(), since);
                seen(rollout, name).ifPresent(it -> seen.put(run, it));
            }
        }
        return seen;
    }

    private Optional<HookSeen> seen(RateLimitRollout rollout, String name) {
        var key = RolloutObserver.key(rollout);
        return owned(rollout, name)
                .map(job -> HookJob.end(job)
                        .<HookSeen>map(end -> "Complete".equals(end.getType())
                                ? new HookSeen.Succeeded()
                                : new HookSeen.Failed("%s: %s (kubectl logs -n %s job/%s)"
                                        .formatted(end.getReason(), end.getMessage(), key.namespace(), name))))
                .orElseGet(() -> Optional.ofNullable(
                                refused.getOrDefault(key, Map.of()).get(name))
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

    /**
     * Makes the Jobs that are wanted, and stops those that nobody waits for any more. One that is refused is tried again every turn, and
     * holds nothing else up.
     */
    void keep(Committed committed, Supplier<ClusterChanges> changes) {
        var rollout = committed.rollout();
        Set<String> wanted = new HashSet<>();
        Map<String, String> problems = new HashMap<>();
        for (Job job : wanted(rollout, committed.state())) {
            var name = job.getMetadata().getName();
            wanted.add(name);
            if (owned(rollout, name).isEmpty()) {
                start(job, changes).ifPresent(why -> problems.put(name, why));
            }
        }
        if (problems.isEmpty()) {
            refused.remove(RolloutObserver.key(rollout));
        } else {
            refused.put(RolloutObserver.key(rollout), problems);
        }
        owned(rollout)
                .filter(job -> !wanted.contains(job.getMetadata().getName()))
                .filter(job -> isOver(job, committed.state()))
                .forEach(job -> stop(job, changes));
    }

    private static List<Job> wanted(RateLimitRollout rollout, RolloutState state) {
        return state.hooks().stream()
                .flatMap(run -> run.outcome() instanceof HookRun.Outcome.Running(Instant since)
                        ? HookMapping.written(rollout.getSpec()).stream()
                                .filter(hook -> hook.name().equals(run.hook()))
                                .map(hook -> HookJob.render(rollout, state, hook, run.revision(), since))
                        : Stream.empty())
                .toList();
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
        return said.length() > LONGEST_REFUSAL ? said.substring(0, LONGEST_REFUSAL) : said;
    }

    /** Its deadline ends it in any case. */
    private static void stop(Job job, Supplier<ClusterChanges> changes) {
        var making = changes.get();
        try {
            making.stop(job);
        } catch (KubernetesClientException e) {
            LOG.atWarn()
                    .addKeyValue("job", job.getMetadata().getName())
                    .addKeyValue("code", e.getCode())
                    .log("Job not stopped");
        }
    }
}
