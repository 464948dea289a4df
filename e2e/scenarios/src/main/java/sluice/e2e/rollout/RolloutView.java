package sluice.e2e.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A rollout at one moment, as the API server shows it to anybody who may read it.
 *
 * @param observedGeneration the generation that the status is about
 * @param phase empty before the operator has seen it
 * @param weight share of callers in the candidate arm, in percent; 100 once promoted
 */
public record RolloutView(
        String name,
        String uid,
        long generation,
        long observedGeneration,
        String phase,
        int weight,
        long epoch,
        String stepText,
        String nextIn,
        String worstSignal,
        String candidateRevision,
        int sidecarsInSync,
        String decisionReason,
        String decisionMessage,
        Map<String, ConditionView> conditions,
        Optional<RollbackView> lastRollback) {

    public RolloutView {
        conditions = Map.copyOf(conditions);
    }

    static RolloutView of(JsonNode resource) {
        var metadata = resource.path("metadata");
        var status = resource.path("status");
        var decision = status.path("lastDecision");
        return new RolloutView(
                metadata.path("name").asText(),
                metadata.path("uid").asText(),
                metadata.path("generation").asLong(),
                status.path("observedGeneration").asLong(),
                status.path("phase").asText(),
                status.path("weight").asInt(),
                status.path("epoch").asLong(),
                status.path("stepText").asText(),
                status.path("nextIn").asText(),
                status.path("worstSignal").asText(),
                status.path("candidate").path("revision").asText(),
                status.path("sidecars").path("inSync").asInt(),
                decision.path("reason").asText(),
                decision.path("message").asText(),
                conditions(status.path("conditions")),
                Optional.of(status.path("lastRollback"))
                        .filter(JsonNode::isObject)
                        .map(RollbackView::of));
    }

    private static Map<String, ConditionView> conditions(JsonNode conditions) {
        return conditions
                .valueStream()
                .map(condition -> new ConditionView(
                        condition.path("type").asText(),
                        condition.path("status").asText(),
                        condition.path("reason").asText(),
                        condition.path("message").asText()))
                .collect(Collectors.toMap(ConditionView::type, condition -> condition));
    }

    /** What is said of the hooks at the rollout's place once the last of them has ended, or one has failed; empty before, and where there are none. */
    public Optional<ConditionView> endOfHooks() {
        return Optional.ofNullable(conditions.get("HooksSucceeded"))
                .filter(condition -> !condition.status().equals("Unknown"));
    }

    /** Whether the operator has taken in the newest change of the spec. */
    public boolean isCurrent() {
        return generation == observedGeneration;
    }

    public boolean is(String wantedPhase) {
        return phase.equals(wantedPhase);
    }

    /** Whether the status is about the present spec and in this phase. */
    public boolean isNow(String wantedPhase) {
        return isCurrent() && is(wantedPhase);
    }
}
