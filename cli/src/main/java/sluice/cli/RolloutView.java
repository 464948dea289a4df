package sluice.cli;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.KubernetesDuration;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.reconcile.PlanMapping;

/**
 * A RateLimitRollout as somebody sees it from outside, from a cluster or from a file that was saved.
 *
 * @param command the annotation's value
 * @param upToDate whether status is about the resource as it is now
 * @param wanted the revision of the limiter that the resource asks for; absent when this version cannot tell
 * @param status absent when no operator has seen the resource yet
 */
public record RolloutView(
        String namespace,
        String name,
        Optional<String> command,
        Duration interval,
        boolean upToDate,
        Optional<String> wanted,
        Optional<RateLimitRolloutStatus> status) {
    // Status may be a later operator's.
    private static final JsonMapper LENIENT = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.SKIP))
            .build();
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /**
     * Reads a resource.
     *
     * @throws InvalidInputException when status is none
     */
    public static RolloutView of(JsonNode resource) {
        JsonNode meta = resource.path("metadata");
        Optional<RateLimitRolloutStatus> status = status(resource.path("status"));
        return new RolloutView(
                meta.path("namespace").asText("default"),
                meta.path("name").asText(),
                Optional.ofNullable(
                        meta.path("annotations").path(PlanMapping.COMMAND).textValue()),
                interval(resource.at("/spec/stopLoss/interval").textValue()),
                !meta.has("generation")
                        || status.map(RateLimitRolloutStatus::observedGeneration)
                                .filter(seen -> seen == meta.path("generation").asLong())
                                .isPresent(),
                wanted(resource),
                status);
    }

    private static Optional<String> wanted(JsonNode resource) {
        try {
            return Optional.of(RolloutFile.plan("", resource).candidate().revision());
        } catch (InvalidInputException e) {
            // Saved without its spec, or applied under a later schema.
            return Optional.empty();
        }
    }

    /** Whether the resource asks for another limiter than the one that the phase is about. */
    public boolean isSuperseded() {
        return wanted.isPresent() && revision().isPresent() && !wanted.equals(revision());
    }

    /** Whether the operator cannot work with the resource as it is now. */
    public boolean isRefused() {
        return status.map(RateLimitRolloutStatus::conditions).orElse(List.of()).stream()
                .anyMatch(condition -> "Stalled".equals(condition.getType())
                        && "True".equals(condition.getStatus())
                        && "InvalidSpec".equals(condition.getReason()));
    }

    private static Optional<RateLimitRolloutStatus> status(JsonNode status) {
        try {
            return status.path("phase").isTextual()
                    ? Optional.of(LENIENT.treeToValue(status, RateLimitRolloutStatus.class))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("status cannot be read: " + e.getOriginalMessage());
        }
    }

    private static Duration interval(@Nullable String text) {
        try {
            return text == null ? INTERVAL : KubernetesDuration.parse(text);
        } catch (IllegalArgumentException e) {
            return INTERVAL;
        }
    }

    /** {@code apps/scholarship-api}. */
    public String key() {
        return namespace + "/" + name;
    }

    public String phase() {
        return status.map(RateLimitRolloutStatus::phase).orElse("Unknown");
    }

    /** The revision that a command is about: the candidate's, or the stable one's when nothing is on its way. */
    public Optional<String> revision() {
        return status.map(RateLimitRolloutStatus::candidate)
                .map(LimiterStatus::revision)
                .or(() -> status.map(RateLimitRolloutStatus::stable).map(LimiterStatus::revision));
    }

    /** The revision that a command must name: what waits to begin is the one that is wanted. */
    public Optional<String> commanded() {
        boolean pending = status.filter(it -> it.candidate() == null && it.plan() == null)
                .filter(it -> !"Promoted".equals(it.phase()))
                .isPresent();
        return pending ? wanted.or(this::revision) : revision();
    }

    /** {@code Progressing, weight 10, step 1/2}. */
    public String place() {
        return phase()
                + status.map(RateLimitRolloutStatus::weight)
                        .map(weight -> ", weight " + weight)
                        .orElse("")
                + status.map(RateLimitRolloutStatus::stepText)
                        .map(step -> ", step " + step)
                        .orElse("");
    }
}
