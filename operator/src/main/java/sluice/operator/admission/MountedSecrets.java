package sluice.operator.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** Which Secrets the sidecar needs: those of the limiter that is wanted, and of every limiter that status may go back to. */
final class MountedSecrets {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SECRET_NAMES =
            List.of("/redis/secretRef/name", "/identity/user/jwt/jwksSecretRef/name");
    private static final List<String> LIMITERS_OF_STATUS = List.of("stable", "previousStable", "candidate");

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
            names.add(identity.user().jwt().jwksSecretRef().name());
        }
        return names;
    }

    /** Names of all Secrets to mount. */
    static NavigableSet<String> of(RateLimitRollout rollout) {
        var names = new TreeSet<>(ofSpec(rollout));
        var status = JSON.<JsonNode>valueToTree(rollout.getStatus());
        LIMITERS_OF_STATUS.forEach(limiter -> status.path(limiter).forEach(field -> addNames(field, names)));
        return names;
    }

    private static void addNames(JsonNode limiter, NavigableSet<String> names) {
        var tree = limiter.isTextual() ? parse(limiter.textValue()) : limiter;
        SECRET_NAMES.stream()
                .map(tree::at)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .forEach(names::add);
    }

    /** A limiter's canonical text, or nothing where a field of status is another text, such as the revision. */
    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }
}
