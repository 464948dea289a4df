package sluice.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/**
 * Reviews a made-up pod before the first real one comes. A new process would spend that one's whole timeout on loading classes, the API
 * server would not wait, and the pod would start without its sidecar.
 */
final class AdmissionWarmUp {

    private static final Logger LOG = LoggerFactory.getLogger(AdmissionWarmUp.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROUNDS = 20;

    private final InjectionSettings settings;

    AdmissionWarmUp(InjectionSettings settings) {
        this.settings = settings;
    }

    /** Slow first reviews are better than none: what goes wrong is logged only. */
    void run() {
        try {
            for (var round = 0; round < ROUNDS; round++) {
                var _ = review();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("the first pods may be admitted slowly: their review could not be rehearsed", e);
        }
    }

    /** The answer's JSON, as the API server would get it. */
    byte[] review() throws IOException {
        var rehearsal = rehearsal();
        var rollout = JSON.treeToValue(rehearsal.path("rollout"), RateLimitRollout.class);
        var review = rehearsal.path("review");
        ((ObjectNode) review.at("/request/object/metadata/labels"))
                .put(InjectionLabel.key(), InjectionLabel.valueFor(rollout, settings));
        var lookup = new RolloutLookup((namespace, name) -> Optional.of(rollout), settings);
        return new PodAdmission(new PodInjector(new DrainTokens()), lookup, settings)
                .review(JSON.writeValueAsBytes(review));
    }

    private static JsonNode rehearsal() throws IOException {
        try (var file = AdmissionWarmUp.class.getResourceAsStream("warm-up.json")) {
            if (file == null) {
                throw new FileNotFoundException("warm-up.json is not beside " + AdmissionWarmUp.class.getName());
            }
            return JSON.readTree(file);
        }
    }
}
