package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.operator.admission.RestrictedContainer;
import sluice.operator.api.v1alpha1.Hook;
import sluice.operator.api.v1alpha1.HookVariable;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;

/** The pod of a hook's Job: one container with what the resource says, in a pod that passes Pod Security restricted whatever it says. */
final class HookPod {

    /** How long its container has to end when its time is over. */
    private static final long GRACE_SECONDS = 5;

    private static final int EXECUTABLE = 0555;
    private static final String SCRIPTS = "/etc/sluice/hook";

    private HookPod() {}

    /** The pod of a hook at the place where {@code state} is, which is ended when {@code seconds} have passed. */
    static PodSpec render(RateLimitRollout rollout, RolloutState state, Hook hook, String revision, long seconds) {
        return new PodSpecBuilder()
                // Each try leaves a pod with its log.
                .withRestartPolicy("Never")
                // The Job's own deadline would delete the pod, and its log with it.
                .withActiveDeadlineSeconds(seconds)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withServiceAccountName(hook.serviceAccountName())
                .withAutomountServiceAccountToken(hook.serviceAccountName() != null)
                .withEnableServiceLinks(false)
                .addNewContainer()
                .withName(HookJob.CONTAINER)
                .withImage(hook.image())
                .withCommand(hook.command())
                .withArgs(hook.args())
                .withEnv(environment(rollout, state, hook, revision))
                .withVolumeMounts(mounts(hook))
                .withResources(resources())
                .withSecurityContext(RestrictedContainer.as(hook.runAsUser()))
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
        return Stream.concat(ours, hook.env().stream().map(HookPod::variable)).toList();
    }

    private static EnvVar variable(HookVariable written) {
        var secret = written.secretKeyRef();
        return secret == null
                // Kubernetes makes one of two $ and replaces $(NAME); this way neither is anything but what was
                // written.
                ? variable(
                        written.name(),
                        Optional.ofNullable(written.value()).orElse("").replace("$", "$$"))
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
}
