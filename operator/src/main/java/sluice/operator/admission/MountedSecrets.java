package sluice.operator.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.SecretRef;

/** Which Secrets the sidecar needs: those of the limiter that is wanted, and of every limiter that status may go back to. */
final class MountedSecrets {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SECRET_NAMES = List.of(
            "/redis/secretRef/name", "/identity/user/jwt/jwksSecretRef/name", "/identity/user/jwt/hmacSecretRef/name");

    private MountedSecrets() {}

    /** Names of the Secrets in {@code spec.limiter}. */
    static NavigableSet<String> ofSpec(RateLimitRollout rollout) {
        var names = new TreeSet<String>();
        var limiter = rollout.getSpec().limiter();
        if (limiter.redis() != null) {
            names.add(limiter.redis().secretRef().name());
        }
        var identity = limiter.identity();
        if (identity != null && identity.user() != null && identity.user().jwt() != null) {
            identity.user().jwt().secretRefs().map(SecretRef::name).forEach(names::add);
        }
        return names;
    }

    /** Names of all Secrets to mount: those in spec, and those of the limiters that status holds. */
    static NavigableSet<String> of(RateLimitRollout rollout) {
        var names = new TreeSet<>(ofSpec(rollout));
        var status = rollout.getStatus();
        if (status != null) {
            Stream.of(
                            Optional.ofNullable(status.stable()),
                            Optional.ofNullable(status.candidate()),
                            Optional.ofNullable(status.lastCandidate()),
                            Optional.ofNullable(status.previousStable()))
                    .flatMap(Optional::stream)
                    .map(LimiterStatus::limiter)
                    .filter(Objects::nonNull)
                    .forEach(text -> names.addAll(ofText(text)));
        }
        return names;
    }

    private static Set<String> ofText(String limiter) {
        var tree = parse(limiter);
        return SECRET_NAMES.stream()
                .map(tree::at)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .collect(Collectors.toSet());
    }

    /** Nothing where status has been tampered with: a pod without an old limiter's Secret is better than none. */
    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }
}
