package sluice.operator.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReviewBuilder;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers an AdmissionReview (admission.k8s.io/v1) of a pod. Every pod is allowed; what goes wrong becomes a warning. */
final class PodAdmission {

    private static final Logger LOG = LoggerFactory.getLogger(PodAdmission.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The API server cuts longer ones. */
    private static final int LONGEST_WARNING = 250;

    private final PodInjector injector;
    private final RolloutLookup rollouts;
    private final InjectionSettings settings;

    PodAdmission(PodInjector injector, RolloutLookup rollouts, InjectionSettings settings) {
        this.injector = injector;
        this.rollouts = rollouts;
        this.settings = settings;
    }

    /** The answer's JSON. Throws IOException when the question is not an AdmissionReview that could be answered. */
    byte[] review(byte[] body) throws IOException {
        var question = JSON.readTree(body);
        var request = question.path("request");
        var uid = request.path("uid").asText();
        if (!"AdmissionReview".equals(question.path("kind").asText()) || uid.isEmpty()) {
            throw new IOException("not an AdmissionReview with a request.uid");
        }
        return JSON.writeValueAsBytes(answer(uid, admit(request)));
    }

    private Answer admit(JsonNode request) {
        try {
            var answer = inject(request);
            if (!answer.warnings().isEmpty()) {
                LOG.warn("pod {}/{}: {}", request.path("namespace"), nameOf(request), answer.warnings());
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.warning("admitted without a limiter sidecar: the webhook is stopping");
        } catch (JsonProcessingException | RuntimeException e) {
            LOG.error("pod {}/{} admitted without a sidecar", request.path("namespace"), nameOf(request), e);
            return Answer.warning(
                    "admitted without a limiter sidecar: " + e.getClass().getSimpleName());
        }
    }

    /** A pod of a ReplicaSet has no name yet when it is admitted. */
    private static JsonNode nameOf(JsonNode request) {
        var metadata = request.at("/object/metadata");
        return metadata.has("name") ? metadata.path("name") : metadata.path("generateName");
    }

    private Answer inject(JsonNode request) throws JsonProcessingException, InterruptedException {
        if (!"CREATE".equals(request.path("operation").asText())
                || !"Pod".equals(request.at("/kind/kind").asText())) {
            return Answer.UNCHANGED;
        }
        var label =
                request.at("/object/metadata/labels").path(InjectionLabel.key()).asText();
        if (label.isEmpty()) {
            return Answer.UNCHANGED;
        }
        var namespace = request.path("namespace").asText();
        var rollout = rollouts.find(namespace, label);
        if (rollout.isEmpty()) {
            return Answer.warning("admitted without a limiter sidecar: no RateLimitRollout " + namespace + "/"
                    + InjectionLabel.rolloutName(label));
        }
        var pod = JSON.treeToValue(request.path("object"), Pod.class);
        if (pod.getSpec().getServiceAccountName() == null) {
            // So it is with the mirror of a static pod, and then the token's volume would make the pod invalid.
            return Answer.warning("admitted without a limiter sidecar: the pod has no service account");
        }
        return switch (injector.inject(pod, rollout.get(), settings)) {
            case Injection.Injected injected -> new Answer(patch(pod, injected.pod()), injected.warnings());
            case Injection.AlreadyInjected _ -> Answer.UNCHANGED;
            case Injection.Skipped skipped -> Answer.warning("admitted without a limiter sidecar: " + skipped.reason());
        };
    }

    /** Between two pods of the same model, so that nothing is in it that the model merely writes differently than the API server. */
    private static String patch(Pod before, Pod after) throws JsonProcessingException {
        var patch = JsonDiff.asJson(
                JSON.valueToTree(before), JSON.valueToTree(after), DiffFlags.dontNormalizeOpIntoMoveAndCopy());
        return JSON.writeValueAsString(patch);
    }

    private static AdmissionReview answer(String uid, Answer answer) {
        var review = new AdmissionReviewBuilder()
                .withNewResponse()
                .withUid(uid)
                .withAllowed(true)
                .withWarnings(answer.warnings().stream().map(PodAdmission::cut).toList());
        if (!answer.patch().isEmpty()) {
            var base64 = Base64.getEncoder().encodeToString(answer.patch().getBytes(StandardCharsets.UTF_8));
            review.withPatchType("JSONPatch").withPatch(base64);
        }
        return review.endResponse().build();
    }

    private static String cut(String warning) {
        return "sluice: " + warning.substring(0, Math.min(warning.length(), LONGEST_WARNING - "sluice: ".length()));
    }

    /**
     * What to say about a pod.
     *
     * @param patch JSON Patch (RFC 6902), empty for none
     */
    private record Answer(String patch, List<String> warnings) {

        static final Answer UNCHANGED = new Answer("", List.of());

        static Answer warning(String text) {
            return new Answer("", List.of(text));
        }
    }
}
