package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import sluice.operator.Sha256;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/**
 * What is mounted into the sidecar, and into nothing else. Files keep the modes that Kubernetes gives by default, readable by everybody: the
 * sidecar runs as 65532, Secret files belong to root, and the narrower 0440 would need an fsGroup, which is the pod's and would
 * change the owner of the app's own volumes. Nobody but the sidecar has these volumes mounted. The token is 0600 and the sidecar's
 * when every container runs as 65532, 0640 and the fsGroup's when there is one, else 0644: readable each time.
 */
final class SidecarVolumes {

    static final String CONFIG_PATH = "/etc/sluice/config";
    static final String SECRETS_PATH = "/etc/sluice/secrets";
    static final String TOKEN_PATH = "/var/run/secrets/sluice.dev";
    static final String TOKEN_FILE = "token";

    private static final String API_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String CONFIG = "sluice-config";
    private static final String TOKEN = "sluice-token";
    private static final String TEMPORARY = "sluice-tmp";
    private static final String SECRET_PREFIX = "sluice-secret-";
    private static final String TOKEN_AUDIENCE = "sluice.dev";
    private static final long TOKEN_SECONDS = 600;
    private static final Quantity TEMPORARY_SIZE = new Quantity("64Mi");
    private static final int HASH_LENGTH = 8;

    private final String rollout;
    private final NavigableSet<String> secrets;

    private SidecarVolumes(String rollout, NavigableSet<String> secrets) {
        this.rollout = rollout;
        this.secrets = secrets;
    }

    static SidecarVolumes of(RateLimitRollout rollout) {
        return new SidecarVolumes(rollout.getMetadata().getName(), MountedSecrets.of(rollout));
    }

    List<Volume> volumes() {
        var volumes = new ArrayList<>(List.of(config(), token(), temporary()));
        secrets.forEach(secret -> volumes.add(secret(secret)));
        return volumes;
    }

    List<VolumeMount> mounts() {
        var mounts = new ArrayList<>(List.of(
                readOnly(CONFIG, CONFIG_PATH).build(),
                readOnly(TOKEN, TOKEN_PATH).build(),
                mount(TEMPORARY, "/tmp").build(),
                // Where something is mounted, admission mounts no token for the API server: the sidecar has no use for
                // one.
                readOnly(TEMPORARY, API_TOKEN_PATH).withSubPath("no-api-token").build()));
        secrets.forEach(secret -> mounts.add(
                readOnly(volumeName(secret), SECRETS_PATH + "/" + secret).build()));
        return mounts;
    }

    private Volume config() {
        return new VolumeBuilder()
                .withName(CONFIG)
                .withNewConfigMap()
                .withName(rollout + "-limiter")
                .withOptional(true)
                .endConfigMap()
                .build();
    }

    private static Volume token() {
        return new VolumeBuilder()
                .withName(TOKEN)
                .withNewProjected()
                .addNewSource()
                .withNewServiceAccountToken()
                .withAudience(TOKEN_AUDIENCE)
                .withExpirationSeconds(TOKEN_SECONDS)
                .withPath(TOKEN_FILE)
                .endServiceAccountToken()
                .endSource()
                .endProjected()
                .build();
    }

    private static Volume temporary() {
        return new VolumeBuilder()
                .withName(TEMPORARY)
                .withNewEmptyDir()
                .withSizeLimit(TEMPORARY_SIZE)
                .endEmptyDir()
                .build();
    }

    private static Volume secret(String secret) {
        return new VolumeBuilder()
                .withName(volumeName(secret))
                .withNewSecret()
                .withSecretName(secret)
                .withOptional(true)
                .endSecret()
                .build();
    }

    /** A Secret's name may be longer than a volume's, and have dots. */
    private static String volumeName(String secret) {
        return SECRET_PREFIX + Sha256.of(secret).substring(0, HASH_LENGTH);
    }

    private static VolumeMountBuilder mount(String volume, String path) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path);
    }

    private static VolumeMountBuilder readOnly(String volume, String path) {
        return mount(volume, path).withReadOnly(true);
    }
}
