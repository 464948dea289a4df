package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.operator.api.v1alpha1.Hook;
import sluice.operator.api.v1alpha1.HookVariable;
import sluice.operator.api.v1alpha1.KubernetesDuration;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.rollout.HookRun;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;

/**
 * A hook's Job: one container with what the resource says, in a pod that passes Pod Security restricted whatever it says, with bounds on time
 * and tries, owned by the rollout, and kept for a day after its end so that its log can be read.
 */
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
    private static final int EXECUTABLE = 0555;
    private static final String SCRIPTS = "/etc/sluice/hook";

    private HookJob() {}

    /** Of the same hook and time always the same, at most 63 characters: pods have it as a label. */
    static String name(String rollout, String hook, Instant since) {
        var cut = rollout.length() > LONGEST_ROLLOUT ? rollout.substring(0, LONGEST_ROLLOUT) : rollout;
        var hash = ShortHash.of(rollout, hook, StatusText.of(since)).substring(0, HASH);
        return "%s-%s-%s".formatted(cut, hook, hash);
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
                .anyMatch(run -> run.outcome() instanceof HookRun.Outcome.Running(Instant since)
                        && name(rollout.getMetadata().getName(), run.hook(), since)
                                .equals(job.getMetadata().getName()));
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

    /** The condition that a Job ended with. */
    static Optional<JobCondition> end(Job job) {
        return Optional.ofNullable(job.getStatus()).map(JobStatus::getConditions).orElse(List.of()).stream()
                .filter(condition -> "True".equals(condition.getStatus()))
                .filter(condition -> "Complete".equals(condition.getType()) || "Failed".equals(condition.getType()))
                .findFirst();
    }

    /** The Job of a hook that has been wanted since then, at the place where {@code state} is. */
    static Job render(RateLimitRollout rollout, RolloutState state, Hook hook, String revision, Instant since) {
        var meta = rollout.getMetadata();
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
                .withActiveDeadlineSeconds(
                        KubernetesDuration.parse(hook.timeout()).toSeconds())
                .withTtlSecondsAfterFinished(KEPT_SECONDS)
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withSpec(pod(hook, environment(rollout, state, hook, revision)))
                .endTemplate()
                .endSpec()
                .build();
    }

    private static PodSpec pod(Hook hook, List<EnvVar> environment) {
        return new PodSpecBuilder()
                // Each try leaves a pod with its log.
                .withRestartPolicy("Never")
                .withServiceAccountName(hook.serviceAccountName())
                .withAutomountServiceAccountToken(hook.serviceAccountName() != null)
                .withEnableServiceLinks(false)
                .addNewContainer()
                .withName(CONTAINER)
                .withImage(hook.image())
                .withCommand(hook.command())
                .withArgs(hook.args())
                .withEnv(environment)
                .withVolumeMounts(mounts(hook))
                .withResources(resources())
                .withSecurityContext(restricted(hook.runAsUser()))
                .endContainer()
                .withVolumes(volumes(hook))
                .build();
    }

    private static List<EnvVar> environment(RateLimitRollout rollout, RolloutState state, Hook hook, String revision) {
        var step = state.progress() instanceof Progress.Exposed exposed
                ? String.valueOf(exposed.canary().step() + 1)
                : "";
        var ours = Stream.of(
                variable("SLUICE_ROLLOUT", rollout.getMetadata().getName()),
                variable("SLUICE_NAMESPACE", rollout.getMetadata().getNamespace()),
                variable("SLUICE_HOOK", hook.name()),
                variable("SLUICE_REVISION", revision),
                variable("SLUICE_WEIGHT", String.valueOf(state.weight())),
                variable("SLUICE_STEP", step));
        return Stream.concat(ours, hook.env().stream().map(HookJob::variable)).toList();
    }

    private static EnvVar variable(HookVariable written) {
        var secret = written.secretKeyRef();
        return secret == null
                // A $(NAME) in it is what was written, and no reference.
                ? variable(
                        written.name(),
                        Optional.ofNullable(written.value()).orElse("").replace("$(", "$$("))
                : new EnvVarBuilder()
                        .withName(written.name())
                        .withNewValueFrom()
                        .withNewSecretKeyRef(secret.key(), secret.name(), false)
                        .endValueFrom()
                        .build();
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static List<Volume> volumes(Hook hook) {
        var volumes = new ArrayList<>(List.of(new VolumeBuilder()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .build()));
        if (hook.scripts() != null) {
            volumes.add(new VolumeBuilder()
                    .withName("scripts")
                    .withNewConfigMap()
                    .withName(hook.scripts())
                    .withDefaultMode(EXECUTABLE)
                    .endConfigMap()
                    .build());
        }
        return volumes;
    }

    private static List<VolumeMount> mounts(Hook hook) {
        var mounts = new ArrayList<>(List.of(mount("tmp", "/tmp", false)));
        if (hook.scripts() != null) {
            mounts.add(mount("scripts", SCRIPTS, true));
        }
        return mounts;
    }

    private static VolumeMount mount(String name, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(name)
                .withMountPath(path)
                .withReadOnly(readOnly)
                .build();
    }

    private static ResourceRequirements resources() {
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("50m"))
                .addToRequests("memory", new Quantity("64Mi"))
                .addToLimits("memory", new Quantity("256Mi"))
                .build();
    }

    /** https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted. */
    private static SecurityContext restricted(long user) {
        return new SecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(user)
                .withRunAsGroup(user)
                .withReadOnlyRootFilesystem(true)
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .addToDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }
}
