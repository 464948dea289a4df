package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.List;

/** The sidecar's container, as docs/architecture.md describes it. */
final class SidecarContainer {

    static final String NAME = "sluice-limiter";

    private static final String ADMIN_PORT_NAME = "sluice-admin";
    private static final long USER = 65532;

    private final InjectionSettings settings;
    private final PortTakeover takeover;
    private final SidecarVolumes volumes;
    private final String drainToken;

    SidecarContainer(InjectionSettings settings, PortTakeover takeover, SidecarVolumes volumes, String drainToken) {
        this.settings = settings;
        this.takeover = takeover;
        this.volumes = volumes;
        this.drainToken = drainToken;
    }

    Container build() {
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(settings.image())
                .withImagePullPolicy(settings.imagePullPolicy())
                // What makes an init container a native sidecar.
                .withRestartPolicy("Always")
                .withPorts(port(takeover.name(), takeover.dataPort()), port(ADMIN_PORT_NAME, takeover.adminPort()))
                .withEnv(environment())
                .withVolumeMounts(volumes.mounts())
                .withResources(resources())
                .withSecurityContext(RestrictedContainer.as(USER))
                .withStartupProbe(probe("/startup", 1, 60))
                .withReadinessProbe(probe("/ready", 2, 2))
                .withLivenessProbe(probe("/live", 10, 3))
                .withLifecycle(drainOnStop())
                .build();
    }

    private List<EnvVar> environment() {
        return List.of(
                variable("SLUICE_CONFIG", SidecarVolumes.CONFIG_PATH + "/limiter.json"),
                variable("SLUICE_PORT", String.valueOf(takeover.dataPort())),
                variable("SLUICE_ADMIN_PORT", String.valueOf(takeover.adminPort())),
                variable("SLUICE_UPSTREAM", "127.0.0.1:" + takeover.appPort()),
                variable("SLUICE_CONTROL_URL", settings.controlUrl()),
                variable("SLUICE_TOKEN_FILE", SidecarVolumes.TOKEN_PATH + "/" + SidecarVolumes.TOKEN_FILE),
                variable("SLUICE_SECRETS", SidecarVolumes.SECRETS_PATH),
                variable("SLUICE_DRAIN_TOKEN", drainToken),
                downward("POD_NAME", "metadata.name"),
                downward("POD_NAMESPACE", "metadata.namespace"),
                downward("POD_UID", "metadata.uid"));
    }

    private Lifecycle drainOnStop() {
        return new LifecycleBuilder()
                .withNewPreStop()
                .withNewHttpGet()
                .withPath("/drain")
                .withPort(new IntOrString(takeover.adminPort()))
                .addNewHttpHeader("X-Sluice-Drain-Token", drainToken)
                .endHttpGet()
                .endPreStop()
                .build();
    }

    private Probe probe(String path, int periodSeconds, int failureThreshold) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString(takeover.adminPort()))
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(2)
                .withFailureThreshold(failureThreshold)
                .build();
    }

    private ResourceRequirements resources() {
        return new ResourceRequirementsBuilder()
                .withRequests(settings.resources().requests())
                .withLimits(settings.resources().limits())
                .build();
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static EnvVar downward(String name, String field) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef("v1", field)
                .endValueFrom()
                .build();
    }
}
