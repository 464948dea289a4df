package sluice.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.RolloutKey;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Timers;

/**
 * The ConfigMap {@code <rollout>-limiter}, with which a sidecar starts when no operator is in reach. It also keeps the stable limiter as
 * it was written, so that a rollout restored without its status goes on with it.
 */
public final class BootstrapConfigMap {

    /** The label that every bootstrap ConfigMap has. */
    public static final String LABEL = "sluice.dev/bootstrap";

    private static final String SUFFIX = "-limiter";
    private static final String DOCUMENT = "limiter.json";
    private static final String AUTHORITIES = "ca.crt";
    private static final String STABLE = "sluice.dev/stable-limiter";
    private static final String STABLE_REVISION = "sluice.dev/stable-revision";
    private static final String STABLE_PROMOTED = "sluice.dev/stable-promoted";
    private static final JsonMapper JSON = new JsonMapper();

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

    private static OwnerReference owner(RateLimitRollout rollout) {
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

    /**
     * The state of a rollout that lost its status: the stable limiter from here, weight 0, and an epoch that sidecars take for new. Empty
     * when there is nothing to go by.
     */
    static Optional<RolloutState> restored(ConfigMap bootstrap, boolean labelled, Instant now) {
        var annotations =
                Optional.ofNullable(bootstrap.getMetadata().getAnnotations()).orElse(Map.of());
        var text = annotations.get(STABLE);
        var revision = annotations.get(STABLE_REVISION);
        if (text == null || revision == null) {
            return Optional.empty();
        }
        try {
            var stable = new Limiter(revision, text);
            LimiterConfigRenderer.limiter(stable);
            return Optional.of(new RolloutState(
                    epoch(bootstrap) + 1,
                    stable,
                    Boolean.parseBoolean(annotations.get(STABLE_PROMOTED)),
                    labelled,
                    new Progress.Pending(now),
                    Timers.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    List.of()));
        } catch (IllegalArgumentException tamperedWith) {
            return Optional.empty();
        }
    }

    private static long epoch(ConfigMap bootstrap) {
        try {
            return JSON.readTree(bootstrap.getData().getOrDefault(DOCUMENT, "{}"))
                    .path("epoch")
                    .asLong();
        } catch (JsonProcessingException tamperedWith) {
            return 0;
        }
    }
}
