package sluice.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** The ConfigMap {@code <rollout>-evidence}, which keeps a rollout's past for {@code kubectl-rlr report}. It goes with the rollout. */
public final class EvidenceConfigMap {

    /** The label that every such ConfigMap has. */
    public static final String LABEL = "sluice.dev/evidence";

    private static final String SUFFIX = "-evidence";
    private static final String DOCUMENT = "evidence.json";

    // A later operator may have written it.
    private static final JsonMapper LENIENT = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private EvidenceConfigMap() {}

    /** The ConfigMap's name. */
    public static String name(String rollout) {
        return rollout + SUFFIX;
    }

    /** What one holds; empty when that cannot be read. */
    public static Optional<KeptEvidence> read(ConfigMap map) {
        try {
            var data = Optional.ofNullable(map.getData()).orElse(Map.of());
            return Optional.ofNullable(LENIENT.readValue(data.getOrDefault(DOCUMENT, "null"), KeptEvidence.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /**
     * What it must be once a rollout's status is committed; empty when that is what it is. One that cannot be read begins anew.
     *
     * @throws IllegalStateException when the one that is there is somebody else's
     */
    public static Optional<ConfigMap> after(RateLimitRollout rollout, Optional<ConfigMap> present) {
        var status = rollout.getStatus();
        if (status == null) {
            return Optional.empty();
        }
        if (present.filter(map -> !isOurs(map)).isPresent()) {
            throw new IllegalStateException("the ConfigMap %s is somebody else's; rename it or the rollout"
                    .formatted(name(rollout.getMetadata().getName())));
        }
        // Of a rollout of this name that is gone it says nothing about this one.
        var before = present.filter(map -> isOf(rollout, map)).flatMap(EvidenceConfigMap::read);
        var kept = withResource(before.orElse(KeptEvidence.NONE).with(status), rollout);
        var owned = present.filter(map ->
                        map.getMetadata().getOwnerReferences().equals(List.of(BootstrapConfigMap.owner(rollout))))
                .isPresent();
        return kept.isEmpty() || (owned && before.equals(Optional.of(kept)))
                ? Optional.empty()
                : Optional.of(render(rollout, kept));
    }

    private static boolean isOf(RateLimitRollout rollout, ConfigMap map) {
        var uid = rollout.getMetadata().getUid();
        return map.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(uid));
    }

    private static boolean isOurs(ConfigMap map) {
        return Optional.ofNullable(map.getMetadata().getLabels())
                .filter(labels -> labels.containsKey(LABEL))
                .isPresent();
    }

    private static KeptEvidence withResource(KeptEvidence kept, RateLimitRollout rollout) {
        var spec = rollout.getSpec();
        if (spec == null) {
            return kept;
        }
        ObjectNode rest = StrictJson.MAPPER.valueToTree(spec);
        rest.remove(List.of("limiter", "hooks", "notifications"));
        return kept.with(LimiterRevision.of(spec.limiter()).revision(), rest);
    }

    private static ConfigMap render(RateLimitRollout rollout, KeptEvidence kept) {
        var meta = rollout.getMetadata();
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(meta.getNamespace())
                .withName(name(meta.getName()))
                .withLabels(Map.of(LABEL, "true", "app.kubernetes.io/managed-by", "sluice-operator"))
                .withOwnerReferences(BootstrapConfigMap.owner(rollout))
                .endMetadata()
                .withData(Map.of(DOCUMENT, StrictJson.MAPPER.valueToTree(kept).toString()))
                .build();
    }
}
