package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Orders;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Timers;

class RestoredStateTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RateLimitRollout ROLLOUT = FakeWorld.rollout("""
            targetRef: {kind: Deployment, name: scholarship-api}
            limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
            """);
    private static final Limiter KEPT = LimiterRevision.of(ROLLOUT.getSpec().limiter());

    @Test
    void goesOnWithTheStableLimiterAtWeightZeroAndANewEpoch() {
        var restored = restored(bootstrap());

        assertThat(restored.stable()).isEqualTo(KEPT);
        assertThat(restored.stablePromoted()).isTrue();
        assertThat(restored.epoch()).isEqualTo(8);
        assertThat(restored.sidecarWeight()).isZero();
    }

    @Test
    void goesOnAfterARestoreThatGaveTheRolloutAnotherUid() {
        var backedUp = new ConfigMapBuilder(bootstrap())
                .editMetadata()
                .editFirstOwnerReference()
                .withUid("before")
                .endOwnerReference()
                .endMetadata()
                .build();

        assertThat(restored(backedUp).stable()).isEqualTo(KEPT);
    }

    @Test
    void believesNoLimiterThatItsRevisionDoesNotName() {
        var edited = annotated(BootstrapConfigMap.STABLE, KEPT.text().replace("100", "100000"));

        assertBeginsAnew(edited);
    }

    @Test
    void believesNoLimiterThatCannotBeReadStrictly() {
        var twice = KEPT.text().replace("\"backend\":\"Memory\"", "\"backend\":\"Memory\",\"backend\":\"Memory\"");
        var text = annotated(BootstrapConfigMap.STABLE, twice);
        text.getMetadata().getAnnotations().put(BootstrapConfigMap.STABLE_REVISION, KEPT.revision());

        assertBeginsAnew(text);
        assertBeginsAnew(annotated(BootstrapConfigMap.STABLE, KEPT.text() + "{}"));
    }

    @Test
    void believesNoConfigMapOfAnotherRollout() {
        assertBeginsAnew(edited(map -> map.editMetadata()
                .withOwnerReferences(List.<OwnerReference>of())
                .endMetadata()));
        assertBeginsAnew(edited(map -> map.editMetadata()
                .editFirstOwnerReference()
                .withName("another")
                .endOwnerReference()
                .endMetadata()));
        assertBeginsAnew(edited(map -> map.addToData(
                BootstrapConfigMap.DOCUMENT,
                document().replace("\"name\":\"scholarship-api\"", "\"name\":\"other\""))));
    }

    @Test
    void countsOnFromTheEpochThatSidecarsKnowWhateverElseDoesNotFit() {
        assertThat(restored(edited(map -> map.editMetadata()
                                .withOwnerReferences(List.<OwnerReference>of())
                                .endMetadata()))
                        .epoch())
                .isEqualTo(8);
    }

    @Test
    void takesNoEpochThatWasNeverCountedUpTo() {
        var document = document().replace("\"epoch\":7", "\"epoch\":" + Long.MAX_VALUE);

        assertThat(restored(edited(map -> map.addToData(BootstrapConfigMap.DOCUMENT, document)))
                        .epoch())
                .isEqualTo(1);
    }

    @Test
    void leavesSidecarsWhereTheyAreWhenNothingElseIsKnown() {
        var restored = RestoredState.of(ROLLOUT, Optional.empty(), true, Limiter.OFF, NOW);

        assertThat(restored.injectionWanted()).isTrue();
        assertThat(restored.epoch()).isEqualTo(1);
    }

    private static void assertBeginsAnew(ConfigMap bootstrap) {
        var restored = restored(bootstrap);
        assertThat(restored.stable()).isEqualTo(Limiter.OFF);
        assertThat(restored.stablePromoted()).isFalse();
    }

    private static RolloutState restored(ConfigMap bootstrap) {
        return RestoredState.of(ROLLOUT, Optional.of(bootstrap), true, Limiter.OFF, NOW);
    }

    private static ConfigMap annotated(String name, String value) {
        return edited(map -> map.editMetadata().addToAnnotations(name, value).endMetadata());
    }

    private static ConfigMap edited(UnaryOperator<ConfigMapBuilder> edit) {
        return edit.apply(new ConfigMapBuilder(bootstrap())).build();
    }

    private static ConfigMap bootstrap() {
        return BootstrapConfigMap.render(ROLLOUT, state(), document(), "PEM", Optional.empty());
    }

    private static String document() {
        return LimiterConfigRenderer.render(
                state(), new LimiterConfigRenderer.Frame(FakeWorld.NAMESPACE, FakeWorld.NAME, "6f0c", 2, 120));
    }

    private static RolloutState state() {
        return new RolloutState(
                7,
                KEPT,
                true,
                true,
                new Progress.Promoted(NOW),
                Timers.NONE,
                Orders.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }
}
