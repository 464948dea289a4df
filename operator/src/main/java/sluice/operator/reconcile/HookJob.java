package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.operator.api.v1alpha1.Hook;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.rollout.HookRun;
import sluice.operator.rollout.HookSeen;
import sluice.operator.rollout.RolloutState;

/** A hook's Job: with bounds on time and tries, owned by the rollout, and kept for a day after its end so that its log can be read. */
public final class HookJob {

    /** The label of hooks' Jobs and pods, with the hook's name. */
    public static final String LABEL = "sluice.dev/hook";
    /** The label of hooks' Jobs and pods that names the rollout. */
    public static final String ROLLOUT = "sluice.dev/hook-of";
    /** The annotation with the time since which the Job has been wanted. */
    public static final String SINCE = "sluice.dev/hook-since";
    /** The container's name. */
    public static final String CONTAINER = "hook";

    private static final int KEPT_SECONDS = 86_400;
    private static final int LONGEST_ROLLOUT = 33;
    private static final int HASH = 8;
    /** In the order of what they tell: of one that is about to fail the pods are still ending. */
    private static final List<String> ENDS = List.of("Complete", "Failed", "FailureTarget");
    /** So long after its pods' time is over a Job ends that has been waiting for a pod, or for another try. */
    private static final long MARGIN_SECONDS = 15;

    private HookJob() {}

    /** Of the same hook and time always the same, at most 63 characters: pods have it as a label. */
    static String name(String rollout, String hook, Instant since) {
        var cut = rollout.length() > LONGEST_ROLLOUT ? rollout.substring(0, LONGEST_ROLLOUT) : rollout;
        var hash = ShortHash.of(rollout, hook, StatusText.of(since)).substring(0, HASH);
        return "%s-%s-%s".formatted(cut, hook, hash);
    }

    /** The name of a run's Job; empty when it has none yet, or none that anybody asks about any more. */
    static Optional<String> name(RateLimitRollout rollout, HookRun run) {
        return switch (run.outcome()) {
            case HookRun.Outcome.Running(Instant since) -> Optional.of(name(rollout, run, since));
            case HookRun.Outcome.Failed failed -> Optional.of(name(rollout, run, failed.since()));
            case HookRun.Outcome.Due _, HookRun.Outcome.Passed _, HookRun.Outcome.Skipped _ -> Optional.empty();
        };
    }

    private static String name(RateLimitRollout rollout, HookRun run, Instant since) {
        return name(rollout.getMetadata().getName(), run.hook(), since);
    }

    /** The rollout that a Job is of, if it is a hook's. */
    public static Optional<RolloutKey> rollout(Job job) {
        return Optional.ofNullable(job.getMetadata().getLabels())
                .map(labels -> labels.get(ROLLOUT))
                .map(name -> new RolloutKey(job.getMetadata().getNamespace(), name));
    }

    /** Whether what is committed of a rollout wants the Job. */
    public static boolean isWanted(Job job, RateLimitRollout rollout) {
        return CommittedState.of(rollout).stream()
                .flatMap(state -> state.hooks().stream())
                .filter(run -> run.outcome() instanceof HookRun.Outcome.Running)
                .flatMap(run -> name(rollout, run).stream())
                .anyMatch(job.getMetadata().getName()::equals);
    }

    /** Since when it has been wanted; empty when somebody has edited that. */
    static Optional<Instant> since(Job job) {
        try {
            return Optional.ofNullable(job.getMetadata().getAnnotations())
                    .map(annotations -> annotations.get(SINCE))
                    .map(Instant::parse);
        } catch (DateTimeException edited) {
            return Optional.empty();
        }
    }

    /** The condition that a Job ended with, or that it will fail with when its pods have ended. */
    static Optional<JobCondition> end(Job job) {
        return Optional.ofNullable(job.getStatus()).map(JobStatus::getConditions).orElse(List.of()).stream()
                .filter(condition -> "True".equals(condition.getStatus()))
                .filter(condition -> ENDS.contains(condition.getType()))
                .min(Comparator.comparingInt(condition -> ENDS.indexOf(condition.getType())));
    }

    /** What is seen of it. */
    static HookSeen seen(Job job) {
        var meta = job.getMetadata();
        var log = "kubectl logs -n %s job/%s".formatted(meta.getNamespace(), meta.getName());
        return end(job).<HookSeen>map(end -> "Complete".equals(end.getType())
                        ? new HookSeen.Succeeded()
                        : new HookSeen.Failed("%s (%s)".formatted(why(end), log)))
                .orElseGet(() -> new HookSeen.Unfinished(log));
    }

    private static String why(JobCondition end) {
        var said = Stream.of(end.getReason(), end.getMessage())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(": "));
        return said.isEmpty() ? end.getType() : StatusText.shortened(said);
    }

    /**
     * The Job of a hook that has been wanted since then, at the place where {@code state} is.
     *
     * @param left how much of the hook's timeout is left, more than nothing
     */
    static Job render(
            RateLimitRollout rollout, RolloutState state, Hook hook, String revision, Instant since, Duration left) {
        var meta = rollout.getMetadata();
        var seconds = left.plusSeconds(1).minusNanos(1).toSeconds();
        var labels =
                Map.of(LABEL, hook.name(), ROLLOUT, meta.getName(), "app.kubernetes.io/managed-by", "sluice-operator");
        return new JobBuilder()
                .withNewMetadata()
                .withNamespace(meta.getNamespace())
                .withName(name(meta.getName(), hook.name(), since))
                .withLabels(labels)
                .withAnnotations(Map.of(SINCE, StatusText.of(since)))
                .withOwnerReferences(BootstrapConfigMap.owner(rollout))
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(hook.retries())
                // What its node has lost, or has had to make room, says nothing of what it was to check.
                .withNewPodFailurePolicy()
                .addNewRule()
                .withAction("Ignore")
                .addNewOnPodCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .endOnPodCondition()
                .endRule()
                .endPodFailurePolicy()
                .withActiveDeadlineSeconds(seconds + MARGIN_SECONDS)
                .withTtlSecondsAfterFinished(KEPT_SECONDS)
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withSpec(HookPod.render(rollout, state, hook, revision, seconds))
                .endTemplate()
                .endSpec()
                .build();
    }
}
