package sluice.operator.reconcile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.PastDecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;

class EvidenceConfigMapTest {
    private static final String SPEC = """
            targetRef: {kind: Deployment, name: scholarship-api}
            limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
            strategy: {steps: [{weight: 10, hold: 2m}, {weight: 100, hold: 2m}]}
            hooks: [{name: smoke, when: AfterStep, image: curl, env: [{name: KEY, value: hunter2}]}]
            """;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private static PastDecisionStatus decision(int minute, String name, String message) {
        return new PastDecisionStatus(
                at(minute), name, "Because", message, null, "r", 10, null, null, null, null, null, null);
    }

    private static String at(int minute) {
        return StatusText.of(BEGIN.plusSeconds(60L * minute));
    }

    private static LimiterStatus limiter(String revision) {
        return new LimiterStatus(revision, "{\"backend\":\"" + revision + "\"}", null);
    }

    private static RollbackStatus rollback(int minute, String revision, @Nullable String finished) {
        try {
            return StrictJson.MAPPER.readValue(
                    "{\"revision\":\"%s\",\"decidedAt\":\"%s\"%s}"
                            .formatted(
                                    revision,
                                    at(minute),
                                    finished == null ? "" : ",\"finishedAt\":\"" + finished + "\""),
                    RollbackStatus.class);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RateLimitRolloutStatus status(
            String stable, String candidate, List<PastDecisionStatus> newestFirst) {
        return StatusEdit.of((RateLimitRolloutStatus) null)
                .put("phase", "Progressing")
                .put("stable", limiter(stable))
                .put("candidate", limiter(candidate))
                .put("decisions", newestFirst)
                .done();
    }

    private static RateLimitRolloutStatus wentBack(
            RateLimitRolloutStatus status, String phase, RollbackStatus rollback) {
        return StatusEdit.of(status)
                .put("phase", phase)
                .put("lastRollback", rollback)
                .done();
    }

    private static KeptEvidence kept(ConfigMap map) {
        return EvidenceConfigMap.read(map).orElseThrow();
    }

    private static ConfigMap after(RateLimitRollout rollout, @Nullable ConfigMap present) {
        return EvidenceConfigMap.after(rollout, Optional.ofNullable(present)).orElseThrow();
    }

    private static RateLimitRollout committed(RateLimitRolloutStatus status) {
        var rollout = FakeWorld.rollout(SPEC);
        rollout.setStatus(status);
        return rollout;
    }

    @Test
    void keepsWhatStatusHasLost() {
        var first = after(
                committed(status("a", "b", List.of(decision(2, "Start", "x"), decision(1, "Inject", "x")))), null);
        var second = after(committed(status("b", "c", List.of(decision(3, "Promote", "x")))), first);

        assertThat(kept(second).decisions())
                .extracting(PastDecisionStatus::name)
                .containsExactly("Inject", "Start", "Promote");
        assertThat(kept(second).revisions())
                .extracting(KeptEvidence.PastRevision::revision)
                .containsExactly("a", "b", "c");
        assertThat(kept(second).droppedUntil()).isNull();
    }

    @Test
    void theSameAgainOrAnOlderStatusIsNothingToWrite() {
        var older = committed(status("a", "b", List.of(decision(1, "Inject", "x"))));
        var newer = committed(status("a", "b", List.of(decision(2, "Start", "x"), decision(1, "Inject", "x"))));
        var map = after(newer, after(older, null));

        assertThat(EvidenceConfigMap.after(newer, Optional.of(map))).isEmpty();
        assertThat(EvidenceConfigMap.after(older, Optional.of(map))).isEmpty();
        assertThat(EvidenceConfigMap.after(FakeWorld.rollout(SPEC), Optional.empty()))
                .isEmpty();
    }

    @Test
    void everyRollbackKeepsWhatCameBack() {
        var bare = status("a", "b", List.of());
        var going = after(committed(wentBack(bare, "RollingBack", rollback(1, "b", null))), null);
        var gone = after(committed(wentBack(bare, "RolledBack", rollback(1, "b", at(2)))), going);
        var later = after(committed(wentBack(status("c", "d", List.of()), "RolledBack", rollback(9, "d", null))), gone);

        assertThat(kept(later).rollbacks())
                .extracting(KeptEvidence.PastRollback::stable)
                .containsExactly("a", "c");
        assertThat(kept(gone).rollbacks().getFirst().rollback())
                .extracting(RollbackStatus::finishedAt)
                .isEqualTo(at(2));
        // One of which nothing was kept when it happened.
        var unknown = after(committed(wentBack(bare, "Progressing", rollback(1, "b", at(2)))), null);
        assertThat(kept(unknown).rollbacks().getFirst().stable()).isNull();
    }

    @Test
    void theResourceIsKeptWithoutWhatNamesOtherPeoplesThings() {
        var plan = PlanMapping.toPlan(FakeWorld.spec(SPEC), Optional.empty());
        var map = after(committed(status("a", plan.candidate().revision(), List.of())), null);

        var spec = kept(map).revisions().getLast().spec();
        assertThat(spec).isNotNull();
        assertThat(spec.at("/strategy/steps/0/weight").asInt()).isEqualTo(10);
        assertThat(map.getData().toString()).doesNotContain("hunter2", "hooks");
    }

    @Test
    void theOldestIsDroppedBeforeItGrowsTooLargeAndThatIsSaid() {
        @Nullable ConfigMap before = null;
        var long1 = "x".repeat(1000);
        for (int i = 0; i < 400; i++) {
            var past = new ArrayList<PastDecisionStatus>();
            for (int j = i; j > Math.max(-1, i - 24); j--) {
                past.add(decision(j, j % 10 == 0 ? "Promote" : "Hold", long1));
            }
            before = after(
                    committed(wentBack(status("r" + i, long1 + i, past), "RolledBack", rollback(i, long1 + i, at(i)))),
                    before);
            assertThat(before.getData().toString().length()).isLessThan(300 << 10);
        }
        var map = requireNonNull(before);
        var kept = kept(map);
        assertThat(kept.droppedUntil()).isBetween(at(300), at(399));
        assertThat(kept.decisions().getLast().at()).isEqualTo(at(399));
        assertThat(kept.decisions()).isSortedAccordingTo(Comparator.comparing(past -> requireNonNull(past.at())));
        // Holds first.
        assertThat(kept.decisions().getFirst().at()).isEqualTo(at(0));
        assertThat(kept.decisions())
                .filteredOn(past -> "Promote".equals(past.name()))
                .hasSize(40);
        assertThat(kept.rollbacks().getLast().at()).isEqualTo(at(399));
        assertThat(kept.revisions())
                .extracting(KeptEvidence.PastRevision::revision)
                .contains("r399", long1 + "399")
                .doesNotContain("r0");
        assertThat(EvidenceConfigMap.after(committed(status("r399", long1 + "399", List.of())), Optional.of(map)))
                .isEmpty();
    }

    @Test
    void whatSomebodyHasEditedBeginsAnewAndWhatIsSomebodyElsesIsLeftAlone() {
        var rollout = committed(status("a", "b", List.of(decision(1, "Inject", "x"))));
        var edited = new ConfigMapBuilder(after(rollout, null))
                .withData(Map.of("evidence.json", "{\"decisions\":[null,{\"at\":7}],"))
                .build();
        assertThat(kept(after(rollout, edited)).decisions()).hasSize(1);

        var theirs = new ConfigMapBuilder(edited)
                .editMetadata()
                .withLabels(Map.of("app", "theirs"))
                .endMetadata()
                .build();
        assertThatThrownBy(() -> after(rollout, theirs)).hasMessageContaining("scholarship-api-evidence is somebody");
    }

    @Test
    void aRestoredRolloutOwnsItAgainAndBeginsAnew() {
        var rollout = committed(status("a", "b", List.of(decision(1, "Inject", "x"))));
        var map = after(rollout, null);
        var restored = committed(status("a", "b", List.of(decision(2, "Observe", "y"))));
        restored.getMetadata().setUid("another");

        var again = after(restored, map);

        assertThat(again.getMetadata().getOwnerReferences()).singleElement().returns("another", OwnerReference::getUid);
        assertThat(EvidenceConfigMap.read(again).orElseThrow().decisions())
                .extracting(PastDecisionStatus::name)
                .containsExactly("Observe");
    }
}
