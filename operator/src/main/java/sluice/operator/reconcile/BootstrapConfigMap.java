package sluice.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.rollout.RolloutState;

/**
 * The ConfigMap {@code <rollout>-limiter}, with which a sidecar starts when no operator is in reach. It also keeps the stable limiter as
 * it was written, so that a rollout restored without its status goes on with it.
 */
public final class BootstrapConfigMap {

    /** The label that every bootstrap ConfigMap has. */
    public static final String LABEL = "sluice.dev/bootstrap";

    private static final String SUFFIX = "-limiter";
    static final String DOCUMENT = "limiter.json";
    private static final String AUTHORITIES = "ca.crt";
    static final String STABLE = "sluice.dev/stable-limiter";
    static final String STABLE_REVISION = "sluice.dev/stable-revision";
    static final String STABLE_PROMOTED = "sluice.dev/stable-promoted";

    private BootstrapConfigMap() {}

    /** The ConfigMap's name. */
    public static String name(String rollout) {
        return rollout + SUFFIX;
    }

    /** The rollout whose bootstrap a ConfigMap of that name is. */
    public static Optional<RolloutKey> rollout(String namespace, String configMap) {
        return configMap.endsWith(SUFFIX)
                ? Optional.of(new RolloutKey(namespace, configMap.substring(0, configMap.length() - SUFFIX.length())))
                : Optional.empty();
    }

    /** What it must be. While there is no CA bundle, the one that is there stays. */
    static ConfigMap render(
            RateLimitRollout rollout,
            RolloutState state,
            String document,
            String authorities,
            Optional<ConfigMap> present) {
        var meta = rollout.getMetadata();
        var bundle = authorities.isEmpty()
                ? present.map(map -> map.getData().getOrDefault(AUTHORITIES, ""))
                        .orElse("")
                : authorities;
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(meta.getNamespace())
                .withName(name(meta.getName()))
                .withLabels(Map.of(LABEL, "true", "app.kubernetes.io/managed-by", "sluice-operator"))
                .withAnnotations(Map.of(
                        STABLE, state.stable().text(),
                        STABLE_REVISION, state.stable().revision(),
                        STABLE_PROMOTED, String.valueOf(state.stablePromoted())))
                .withOwnerReferences(owner(rollout))
                .endMetadata()
                .withData(Map.of(DOCUMENT, document, AUTHORITIES, bundle))
                .build();
    }

    static OwnerReference owner(RateLimitRollout rollout) {
        return new OwnerReferenceBuilder()
                .withApiVersion(rollout.getApiVersion())
                .withKind(rollout.getKind())
                .withName(rollout.getMetadata().getName())
                .withUid(rollout.getMetadata().getUid())
                .withController(true)
                .build();
    }

    /** Whether what is there needs no write. */
    static boolean holds(ConfigMap wanted, ConfigMap present) {
        return wanted.getData().equals(present.getData())
                && containsAll(
                        present.getMetadata().getLabels(), wanted.getMetadata().getLabels())
                && containsAll(
                        present.getMetadata().getAnnotations(),
                        wanted.getMetadata().getAnnotations())
                && wanted.getMetadata()
                        .getOwnerReferences()
                        .equals(present.getMetadata().getOwnerReferences());
    }

    private static boolean containsAll(Map<String, String> present, Map<String, String> wanted) {
        return present != null && present.entrySet().containsAll(wanted.entrySet());
    }

    /** The epoch of its document; 0 when that cannot be read. */
    public static long epoch(ConfigMap bootstrap) {
        return document(bootstrap).path("epoch").asLong();
    }

    /** Its document as far as it is one. */
    static JsonNode document(ConfigMap bootstrap) {
        try {
            var data = Optional.ofNullable(bootstrap.getData()).orElse(Map.of());
            return StrictJson.MAPPER.readTree(data.getOrDefault(DOCUMENT, ""));
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
