package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** Conditions being collected; each keeps its time while its status stays. */
final class ConditionList {

    private static final int LONGEST_MESSAGE = 1000;

    private final List<Condition> conditions = new ArrayList<>();
    private final List<Condition> before;
    private final @Nullable Long generation;
    private final String now;

    ConditionList(RateLimitRollout rollout, Instant now) {
        var status = rollout.getStatus();
        this.before = status == null || status.conditions() == null ? List.of() : status.conditions();
        this.generation = rollout.getMetadata().getGeneration();
        // Conditions have whole seconds:
        // https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/time.go
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    List<Condition> all() {
        return conditions;
    }

    void add(String type, String status, String reason, String message) {
        conditions.add(new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since(type, status))
                .build());
    }

    private String since(String type, String status) {
        return before.stream()
                .filter(each -> type.equals(each.getType()) && status.equals(each.getStatus()))
                .map(Condition::getLastTransitionTime)
                .filter(time -> time != null)
                .findFirst()
                .orElse(now);
    }
}
