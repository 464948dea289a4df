package sluice.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.RateLimitRollout;

class ConditionGaugeTest {

    private static final String NAME = "sluice_operator_rollout_condition";
    private static final String READY = "{type: Ready, status: \"True\", reason: Promoted, message: m}";

    private final OperatorMetrics metrics = new OperatorMetrics();
    private final List<RateLimitRollout> rollouts = new ArrayList<>();

    private static RateLimitRollout rollout(String namespace, String conditions) {
        return Serialization.unmarshal("""
                apiVersion: sluice.dev/v1alpha1
                kind: RateLimitRollout
                metadata: {name: api, namespace: %s}
                status: {conditions: [%s]}
                """.formatted(namespace, conditions), RateLimitRollout.class);
    }

    private Stream<String> samples() {
        return metrics.scrape().lines().filter(line -> line.startsWith(NAME));
    }

    @Test
    void tellsTrueFromFalseOfEveryRolloutAndNothingOfWhatIsUnknown() {
        metrics.conditions(() -> rollouts);
        rollouts.add(rollout("apps", """
                {type: Stalled, status: "True", reason: ErrorRatio, message: m}, {type: Ready, status: "False", reason: ErrorRatio, message: m},
                {type: SignalsAvailable, status: Unknown, reason: NotWatched, message: m}"""));
        rollouts.add(rollout("other", READY));
        rollouts.add(rollout("young", ""));
        rollouts.add(new RateLimitRollout());

        assertThat(samples())
                .containsExactlyInAnyOrder(
                        NAME
                                + "{condition=\"Stalled\",reason=\"ErrorRatio\",rollout=\"api\",rollout_namespace=\"apps\"} 1.0",
                        NAME
                                + "{condition=\"Ready\",reason=\"ErrorRatio\",rollout=\"api\",rollout_namespace=\"apps\"} 0.0",
                        NAME
                                + "{condition=\"Ready\",reason=\"Promoted\",rollout=\"api\",rollout_namespace=\"other\"} 1.0");
    }

    @Test
    void forgetsARolloutThatIsGone() {
        metrics.conditions(() -> rollouts);
        rollouts.add(rollout("apps", READY));
        assertThat(samples()).isNotEmpty();
        rollouts.clear();
        assertThat(samples()).isEmpty();
    }
}
