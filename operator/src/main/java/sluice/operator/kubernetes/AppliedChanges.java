package sluice.operator.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.TargetKind;
import sluice.operator.reconcile.BootstrapConfigMap;
import sluice.operator.reconcile.ClusterChanges;
import sluice.operator.reconcile.HookJob;
import sluice.operator.reconcile.Target;
import sluice.operator.reconcile.TargetLabel;

/** Changes the cluster through the API server. */
public final class AppliedChanges implements ClusterChanges {

    private static final String FIELD_MANAGER = "sluice-injection";
    private static final Duration HURRIED = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final EvidenceWriter evidence;

    public AppliedChanges(KubernetesClient client) {
        this.client = client;
        evidence = new EvidenceWriter(client);
    }

    @Override
    public void put(ConfigMap bootstrap) {
        var present = client.resource(bootstrap).get();
        if (present == null) {
            client.resource(bootstrap).create();
            return;
        }
        if (!isOurs(present.getMetadata(), bootstrap.getMetadata())) {
            throw new IllegalStateException("the ConfigMap %s is somebody else's; rename it or the rollout"
                    .formatted(bootstrap.getMetadata().getName()));
        }
        requireNotOlder(bootstrap, present);
        client.resource(bootstrap)
                .lockResourceVersion(present.getMetadata().getResourceVersion())
                .update();
    }

    /** A later epoch in there was written by a later leader, or by hand: what is committed tells which. */
    private void requireNotOlder(ConfigMap bootstrap, ConfigMap present) {
        var epoch = BootstrapConfigMap.epoch(bootstrap);
        if (BootstrapConfigMap.epoch(present) > epoch && committedEpoch(bootstrap) > epoch) {
            throw new IllegalStateException("the ConfigMap %s is of a later epoch than %d, which is committed"
                    .formatted(bootstrap.getMetadata().getName(), epoch));
        }
    }

    private long committedEpoch(ConfigMap bootstrap) {
        var meta = bootstrap.getMetadata();
        return BootstrapConfigMap.rollout(meta.getNamespace(), meta.getName())
                .map(key -> client.resources(RateLimitRollout.class)
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .get())
                .map(RateLimitRollout::getStatus)
                .map(RateLimitRolloutStatus::epoch)
                .orElse(0L);
    }

    // Either sign is enough: the other may have been edited away, and is put back.
    private static boolean isOurs(ObjectMeta present, ObjectMeta bootstrap) {
        return present.getLabels().containsKey(BootstrapConfigMap.LABEL)
                || bootstrap.getOwnerReferences().stream()
                        .anyMatch(owner -> present.getOwnerReferences().contains(owner));
    }

    @Override
    public void label(Target target, String value) {
        apply(target, Map.of(TargetLabel.KEY, value));
    }

    @Override
    public void unlabel(Target target) {
        apply(target, Map.of());
    }

    /**
     * Server-side apply of the label alone: what this field manager no longer names is removed, and nothing else is touched. The UID keeps
     * a target from being applied to that was deleted and made again meanwhile, the resourceVersion one that somebody, perhaps a later
     * leader, has changed since it was looked at.
     */
    private void apply(Target target, Map<String, String> labels) {
        var looked = target.metadata();
        var metadata = new ObjectMetaBuilder()
                .withNamespace(looked.getNamespace())
                .withName(looked.getName())
                .withUid(looked.getUid())
                .withResourceVersion(looked.getResourceVersion())
                .build();
        var template = new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .build();
        client.resource(ours(target.kind(), metadata, template))
                .fieldManager(FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    private static HasMetadata ours(TargetKind kind, ObjectMeta metadata, PodTemplateSpec template) {
        return switch (kind) {
            case DEPLOYMENT ->
                new DeploymentBuilder()
                        .withMetadata(metadata)
                        .withNewSpec()
                        .withTemplate(template)
                        .endSpec()
                        .build();
            case STATEFUL_SET ->
                new StatefulSetBuilder()
                        .withMetadata(metadata)
                        .withNewSpec()
                        .withTemplate(template)
                        .endSpec()
                        .build();
        };
    }

    /** The committed status is asked first: what is known of it here may be older than another leader's commit. */
    @Override
    public void start(Job job) {
        var hurried = hurried();
        if (!isWanted(job, hurried)) {
            return;
        }
        try {
            hurried.resource(job).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || !isOurs(job, hurried)) {
                throw e;
            }
        }
    }

    /** For Jobs alone: a webhook that hangs on them must not keep the stop-loss rules waiting. */
    private KubernetesClient hurried() {
        return Clients.hurried(client, HURRIED);
    }

    private static boolean isWanted(Job job, KubernetesClient client) {
        return HookJob.rollout(job)
                .map(key -> client.resources(RateLimitRollout.class)
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .get())
                .filter(rollout -> HookJob.isWanted(job, rollout))
                .isPresent();
    }

    private static boolean isOurs(Job job, KubernetesClient client) {
        var present = client.resource(job).get();
        return present != null
                && present.getMetadata()
                        .getOwnerReferences()
                        .equals(job.getMetadata().getOwnerReferences());
    }

    @Override
    public void stop(Job job) {
        hurried()
                .resource(job)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    @Override
    public void tell(Event event) {
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    @Override
    public void keep(RateLimitRollout committed) {
        evidence.keep(committed);
    }
}
