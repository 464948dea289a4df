package sluice.operator.simulation;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import sluice.operator.reconcile.HookJob;

/** What takes Jobs and runs them: the API server's quota, the Job controller and kubelet. */
final class Jobs {

    /** What becomes of the Jobs that a story is about. */
    enum Fate {
        PASS,
        FAIL,
        HANG,
        ARE_REFUSED
    }

    private static final long SHORTEST = 1_000;
    private static final long LONGEST = 12_000;

    private final World world;
    private final Set<String> succeeded = new HashSet<>();
    private final Set<String> failed = new HashSet<>();
    private boolean cured;

    Jobs(World world) {
        this.world = world;
    }

    /** What was wrong with the checks no longer is. */
    void cure() {
        cured = true;
    }

    /** Makes one as an API server does, by its name. */
    void create(Job job) {
        var fate = fate(job);
        if (fate == Fate.ARE_REFUSED) {
            throw new KubernetesClientException("exceeded quota", 403, null);
        }
        var present = world.api.now().jobs();
        if (present.stream().anyMatch(found -> name(found).equals(name(job)))) {
            throw ApiServer.conflict();
        }
        world.time.note(() -> "job " + name(job) + " is made: " + run(job));
        world.invariants.hooks.made(job);
        world.api.jobs(Stream.concat(present.stream(), Stream.of(job)).toList());
        world.time.after(
                fate == Fate.HANG
                        ? job.getSpec().getActiveDeadlineSeconds() * 1_000
                        : world.faults.millis(SHORTEST, LONGEST),
                () -> end(job, fate == Fate.PASS ? "Complete" : "Failed"));
    }

    private Fate fate(Job job) {
        return !cured && isInTheStory(job) ? world.scenario.fate() : Fate.PASS;
    }

    private boolean isInTheStory(Job job) {
        return hook(job).equals(Scenario.CHECK)
                && job.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
                        .filter(variable -> variable.getName().equals("SLUICE_WEIGHT"))
                        .anyMatch(variable -> variable.getValue().equals(String.valueOf(world.scenario.weight())));
    }

    private void end(Job job, String condition) {
        var present = world.api.now().jobs();
        if (present.stream().noneMatch(job::equals)) {
            return;
        }
        world.time.note(() -> "job " + name(job) + ": " + condition);
        (condition.equals("Complete") ? succeeded : failed).add(run(job));
        var ended = new JobBuilder(job)
                .withNewStatus()
                .addNewCondition()
                .withType(condition)
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
        world.api.jobs(
                present.stream().map(found -> found.equals(job) ? ended : found).toList());
    }

    /** Removes one, ended or not. */
    void delete(Job job) {
        world.time.note(() -> "job " + name(job) + " is removed");
        world.api.jobs(world.api.now().jobs().stream()
                .filter(found -> !name(found).equals(name(job)))
                .toList());
    }

    /** What a rollout owned goes with it. */
    void collect() {
        if (!world.api.now().jobs().isEmpty()) {
            world.api.jobs(List.of());
        }
    }

    /** Whether every one has ended. */
    boolean areOver() {
        return world.api.now().jobs().stream().allMatch(job -> job.getStatus() != null);
    }

    boolean succeeded(String run) {
        return succeeded.contains(run);
    }

    boolean failed(String run) {
        return failed.contains(run);
    }

    /** The run of a hook that a Job is made for, as {@link #run(String, String)} says it. */
    static String run(Job job) {
        return run(hook(job), job.getMetadata().getAnnotations().getOrDefault(HookJob.SINCE, ""));
    }

    static String run(String hook, String since) {
        return hook + " since " + since;
    }

    private static String hook(Job job) {
        return job.getMetadata().getLabels().getOrDefault(HookJob.LABEL, "");
    }

    private static String name(Job job) {
        return job.getMetadata().getName();
    }
}
