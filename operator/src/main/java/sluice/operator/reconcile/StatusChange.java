package sluice.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.rollout.HoldReason;

/**
 * Whether a new status is worth a write. What a decision depends on always is; figures that only people read are refreshed once
 * a minute, or as often as the dead-man switch needs while a candidate is on its way.
 */
final class StatusChange {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration REFRESH = Duration.ofMinutes(1);
    private static final List<String> FIGURES = List.of("nextIn", "worstSignal");
    private static final Set<String> NOBODY_THERE =
            Set.of(HoldReason.NO_TRAFFIC.text(), HoldReason.SCALED_TO_ZERO.text());

    private StatusChange() {}

    /**
     * Compares.
     *
     * @param underWay whether the time of the last evaluation itself matters to the next
     * @param deadManSwitch after which an evaluation that was not written down counts as missed
     */
    static boolean isWorthWriting(
            @Nullable RateLimitRolloutStatus before,
            RateLimitRolloutStatus after,
            boolean underWay,
            Duration deadManSwitch,
            Instant now) {
        if (before == null || before.phase() == null) {
            return true;
        }
        JsonNode old = JSON.valueToTree(before);
        JsonNode fresh = JSON.valueToTree(after);
        if (!essence(old).equals(essence(fresh))) {
            return true;
        }
        return isOld(old, underWay ? underWay(deadManSwitch) : REFRESH, now)
                && (underWay || !withoutEvaluation(old).equals(withoutEvaluation(fresh)));
    }

    private static Duration underWay(Duration deadManSwitch) {
        var half = deadManSwitch.dividedBy(2);
        return half.compareTo(REFRESH) < 0 ? half : REFRESH;
    }

    private static boolean isOld(JsonNode status, Duration refresh, Instant now) {
        return evaluatedAt(status)
                .map(at -> Duration.between(at, now).abs().compareTo(refresh) >= 0)
                .orElse(true);
    }

    private static Optional<Instant> evaluatedAt(JsonNode status) {
        return Optional.ofNullable(status.path("timers").path("evaluatedAt").textValue())
                .map(Instant::parse);
    }

    private static JsonNode withoutEvaluation(JsonNode status) {
        ObjectNode copy = status.deepCopy();
        if (copy.get("timers") instanceof ObjectNode timers) {
            timers.remove("evaluatedAt");
        }
        return copy;
    }

    private static JsonNode essence(JsonNode status) {
        ObjectNode copy = (ObjectNode) withoutEvaluation(status);
        copy.remove(FIGURES);
        if (copy.get("timers") instanceof ObjectNode timers) {
            timers.remove("stableThrottledRatio");
            // It begins again with every look; that it does so once more is nothing to be written each time.
            if (NOBODY_THERE.contains(copy.path("lastDecision").path("reason").asText())) {
                timers.remove("holdStartedAt");
            }
        }
        if (copy.get("lastDecision") instanceof ObjectNode decision) {
            decision.remove("message");
        }
        for (JsonNode condition : copy.path("conditions")) {
            ((ObjectNode) condition).remove(List.of("message", "lastTransitionTime"));
        }
        copy.set("signals", verdicts(copy.path("signals")));
        return copy;
    }

    /** The worst signal comes first in status, so that the order changes with every figure. */
    private static ArrayNode verdicts(JsonNode signals) {
        var verdicts = new TreeSet<String>();
        for (JsonNode signal : signals) {
            verdicts.add(
                    signal.path("name").asText() + "/" + signal.path("scope").asText() + "="
                            + signal.path("verdict").asText());
        }
        return JSON.valueToTree(verdicts);
    }
}
