package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.limiter.config.LimiterConfigParser;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.control.Ack;
import sluice.operator.control.Acks;
import sluice.operator.control.FakeLeadership;
import sluice.operator.control.RolloutKey;
import sluice.operator.control.Streams;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Sidecars;

class RolloutLoopTest {

    private static final String SPEC = """
            targetRef: {kind: Deployment, name: scholarship-api}
            limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
            strategy: {observe: 1m, steps: [{weight: 10, hold: 2m}, {weight: 100, hold: 2m}]}
            stopLoss: {rules: [{signal: ErrorRatio, threshold: "0.01", for: 1m}]}
            """;
    private static final InjectionSettings INJECTION =
            InjectionSettings.of("sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://sluice-control:9443");

    private final FakeWorld world = new FakeWorld();
    private final FakeSignals signals = new FakeSignals();
    private final FakeLeadership leadership = new FakeLeadership();
    private final List<RateLimitRolloutStatus> written = new ArrayList<>();
    private Acks acks = new Acks();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RateLimitRollout rollout = FakeWorld.rollout(SPEC);
    private InjectionSettings injection = INJECTION;
    private RolloutLoop loop = loop();
    private Optional<RuntimeException> commitFails = Optional.empty();
    private Runnable afterCommit = () -> {};

    @Test
    void rollsOutFromInjectionToPromotion() {
        injected();
        assertThat(phases()).contains("Injecting", "Observing");

        promoted();

        assertThat(phases().stream().distinct())
                .containsExactly("Injecting", "Observing", "Progressing", "Baking", "Promoted");
        assertThat(weights().stream().distinct()).containsExactly(0, 10, 100);
        assertThat(world.reasons())
                .containsExactly(
                        "InjectionStarted",
                        "SidecarsReady",
                        "ObservationStarted",
                        "BaselineFrozen",
                        "CanaryStarted",
                        "StepAdvanced",
                        "BakeStarted",
                        "Promoted");
        assertThat(condition("Ready").getStatus()).isEqualTo("True");
        assertThat(condition("Reconciling").getStatus()).isEqualTo("False");
    }

    @Test
    void tellsSidecarsWhatIsCommittedAndNothingElse() {
        injected();
        var document = LimiterConfigParser.parse(bootstrapDocument());

        assertThat(document.epoch()).isEqualTo(status().epoch());
        assertThat(document.weight()).isZero();
        assertThat(document.candidate()).isPresent();
        assertThat(world.label()).hasValueSatisfying(label -> assertThat(label).startsWith("scholarship-api."));
    }

    @Test
    void comesBackWhenTheCandidateBreaksARule() {
        exposed();
        pass(Duration.ofSeconds(70));
        signals.candidateErrors = 0.5;
        turn();

        assertThat(status().phase()).isEqualTo("RollingBack");
        assertThat(status().weight()).isZero();
        assertThat(LimiterConfigParser.parse(bootstrapDocument()).weight()).isZero();
        assertThat(condition("RollbackVerified").getStatus()).isEqualTo("Unknown");

        now = now.plusMillis(300);
        var ackedAt = now;
        acknowledge();
        now = now.plusMillis(20);
        turn();

        assertThat(status().phase()).isEqualTo("RolledBack");
        var rollback = Optional.ofNullable(status().lastRollback()).orElseThrow();
        assertThat(rollback.signal()).isEqualTo("ErrorRatio");
        assertThat(rollback.lastAckAt()).isEqualTo(StatusText.of(ackedAt));
        assertThat(rollback.committedAt()).isEqualTo(StatusText.of(ackedAt.minusMillis(300)));
        assertThat(condition("RollbackVerified").getStatus()).isEqualTo("True");
        assertThat(condition("Stalled").getReason()).isEqualTo("ErrorRatio");
        assertThat(condition("Ready").getMessage()).contains("0.5").contains("0.01");
        assertThat(world.reasons()).endsWith("StopLossBroken", "RollingBack", "RolledBack");
    }

    @Test
    void keepsTheTimeOfTheLastAcknowledgementOfARollback() {
        rolledBack();
        var before = Optional.ofNullable(status().lastRollback()).orElseThrow().lastAckAt();
        assertThat(before).isNotNull();

        acks = new Acks();
        loop = loop();
        pass(Duration.ofMinutes(2));

        assertThat(Optional.ofNullable(status().lastRollback()).orElseThrow().lastAckAt())
                .isEqualTo(before);
    }

    @Test
    void endsTheSameWhenItIsKilledAfterEveryTurn() {
        for (int i = 0; i < 200 && !"Promoted".equals(phase()); i++) {
            loop = loop();
            settle();
            turn();
            now = now.plusSeconds(10);
        }

        assertThat(phase()).isEqualTo("Promoted");
        assertThat(weights().stream().distinct()).containsExactly(0, 10, 100);
        assertThat(world.reasons()).doesNotHaveDuplicates();
    }

    @Test
    void repairsWhatACrashAfterTheCommitLeftUndone() {
        injected();
        world.bootstrap = null;
        world.unlabel(world.workload().orElseThrow());
        world.events.clear();

        loop = loop();
        turn();

        assertThat(world.bootstrap).isNotNull();
        assertThat(world.label()).isPresent();
    }

    @Test
    void putsAnEditedConfigMapBack() {
        injected();
        var document = bootstrapDocument();
        world.bootstrap = new ConfigMapBuilder(
                        Optional.ofNullable(world.bootstrap).orElseThrow())
                .withData(Map.of("limiter.json", "{}"))
                .build();

        turn();

        assertThat(bootstrapDocument()).isEqualTo(document);
    }

    @Test
    void doesNotWriteWhatHasNotChanged() {
        injected();
        settle();
        turn();
        var statuses = written.size();
        var puts = world.puts;

        pass(Duration.ofSeconds(50));

        // One refresh of the time of the last evaluation in a minute.
        assertThat(written.size() - statuses).isLessThanOrEqualTo(1);
        assertThat(world.puts).isEqualTo(puts);
    }

    @Test
    void writesOnceAMinuteWhileNobodyCalls() {
        exposed();
        signals.candidateIdle = true;
        pass(Duration.ofMinutes(1));
        assertThat(Optional.ofNullable(status().lastDecision()).orElseThrow().reason())
                .isEqualTo("NoTraffic");
        var statuses = written.size();

        pass(Duration.ofMinutes(5));

        assertThat(written.size() - statuses).isLessThanOrEqualTo(6);
    }

    @Test
    void writesOnceAMinuteWhileItIsSuspendedAndNobodyCalls() {
        exposed();
        rollout.setSpec(FakeWorld.spec(SPEC + "suspend: true\n"));
        signals.candidateIdle = true;
        pass(Duration.ofMinutes(1));
        var held = holdStartedAt();
        var statuses = written.size();

        pass(Duration.ofMinutes(5));

        assertThat(written.size() - statuses).isBetween(4, 6);
        assertThat(Duration.between(held, holdStartedAt())).isGreaterThanOrEqualTo(Duration.ofMinutes(4));
    }

    @Test
    void whatWasNotWrittenOfASilenceDoesNotCountForTheHoldEither() {
        exposed();
        var held = holdStartedAt();
        signals.candidateIdle = true;
        pass(Duration.ofSeconds(50));
        signals.candidateIdle = false;
        turn();

        assertThat(Optional.ofNullable(status().lastDecision()).orElseThrow().reason())
                .isEqualTo("Holding");
        // Five looks see nobody; the sixth, which does, speaks for the time since the fifth.
        assertThat(Duration.between(held, holdStartedAt())).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void whatWasWatchedAndNotWrittenCountsForTheHold() {
        exposed();
        var began = now;
        while ("Progressing".equals(phase())) {
            pass(Duration.ofSeconds(50));
            signals.candidateIdle = true;
            pass(Duration.ofSeconds(10));
            signals.candidateIdle = false;
            assertThat(now).isBefore(began.plus(Duration.ofMinutes(4)));
        }
        // Two minutes with callers, and ten seconds of each minute without one.
        assertThat(now).isAfter(began.plus(Duration.ofMinutes(2)));
    }

    @Test
    void aSilenceDuringAPauseThatWasNotWrittenDoesNotCountForTheHold() {
        exposed();
        rollout.setSpec(FakeWorld.spec(SPEC + "suspend: true\n"));
        turn();
        var held = holdStartedAt();
        signals.candidateIdle = true;
        pass(Duration.ofSeconds(50));
        signals.candidateIdle = false;
        rollout.setSpec(FakeWorld.spec(SPEC));
        turn();

        assertThat(Duration.between(held, holdStartedAt())).isEqualTo(Duration.ofSeconds(40));
    }

    private Instant holdStartedAt() {
        return Instant.parse(String.valueOf(
                Optional.ofNullable(status().timers()).orElseThrow().holdStartedAt()));
    }

    @Test
    void keepsLookingAtAPromotedLimiterAndWritesOnlyWhatChanged() {
        promoted();
        settle();
        pass(Duration.ofMinutes(1));
        assertThat(Optional.ofNullable(status().previousStable()).orElseThrow().revision())
                .isEqualTo("off");
        var statuses = written.size();
        var reads = signals.reads.get();

        pass(Duration.ofMinutes(10));

        assertThat(written).hasSize(statuses);
        assertThat(signals.reads.get() - reads).isEqualTo(60);
    }

    @Test
    void looksAtNothingAndWritesNothingOnceThePromotionIsFinal() {
        rollout.setSpec(FakeWorld.spec(SPEC.replace("for: 1m}]", "for: 1m}], armedAfterPromotion: 2m")));
        promoted();
        settle();
        pass(Duration.ofMinutes(3));
        assertThat(status().previousStable()).isNull();
        assertThat(world.reasons()).endsWith("Promoted", "StopLossDisarmed");
        var statuses = written.size();
        var reads = signals.reads.get();

        pass(Duration.ofMinutes(10));

        assertThat(written).hasSize(statuses);
        assertThat(signals.reads).hasValue(reads);
    }

    @Test
    void takesEverybodyBackFromAPromotedLimiterThatBreaksARule() {
        promoted();
        var promoted = LimiterConfigParser.parse(bootstrapDocument());
        pass(Duration.ofMinutes(1));
        signals.serviceErrors = 0.5;
        loop = loop();
        turn();

        var back = LimiterConfigParser.parse(bootstrapDocument());
        assertThat(status().phase()).isEqualTo("RollingBack");
        assertThat(status().previousStable()).isNull();
        assertThat(back.epoch()).isEqualTo(promoted.epoch() + 1);
        assertThat(back.weight()).isZero();
        assertThat(back.stable().revision()).isEqualTo("off");
        assertThat(back.candidate().orElseThrow().revision())
                .isEqualTo(promoted.stable().revision());
        assertThat(condition("RollbackVerified").getMessage()).endsWith("until its next contact");

        acknowledge();
        turn();
        assertThat(status().phase()).isEqualTo("RolledBack");
        assertThat(condition("Stalled").getReason()).isEqualTo("ErrorRatio");
        assertThat(world.reasons()).endsWith("Promoted", "StopLossBroken", "RollingBack", "RolledBack");
    }

    @Test
    void missingDataAfterThePromotionAreSaidAndNothingElse() {
        promoted();
        signals.missing = true;
        pass(Duration.ofMinutes(20));

        assertThat(status().phase()).isEqualTo("Promoted");
        assertThat(condition("Ready").getStatus()).isEqualTo("True");
        assertThat(condition("SignalsAvailable").getStatus()).isEqualTo("False");
        assertThat(world.reasons()).endsWith("Promoted", "SignalsMissing");
    }

    @Test
    void writesNothingWhenAnotherMayLead() {
        leadership.fresh = false;

        turn();

        assertThat(written).isEmpty();
        assertThat(world.bootstrap).isNull();
        assertThat(world.label()).isEmpty();
    }

    @Test
    void leavesTheWorldToTheNextLeaderWhenTheLeaseRanOutAfterTheCommit() {
        afterCommit = () -> leadership.fresh = false;

        turn();

        assertThat(phase()).isEqualTo("Injecting");
        assertThat(world.bootstrap).isNull();
        assertThat(world.label()).isEmpty();
        assertThat(world.events).isEmpty();
    }

    @Test
    void sendsNoDeletedRolloutsSidecarsAwayWhenAnotherMayLead() {
        injected();
        var document = bootstrapDocument();
        rollout.getMetadata().setDeletionTimestamp(now.toString());
        leadership.fresh = false;

        assertThat(loop.farewell(rollout)).isPresent();

        assertThat(world.label()).isPresent();
        assertThat(bootstrapDocument()).isEqualTo(document);
    }

    @Test
    void anOperatorWithAnotherSidecarImageRollsNoPodsUnasked() {
        promoted();
        var label = world.label();

        upgradeOperator();
        // What only people read is refreshed once a minute.
        pass(Duration.ofMinutes(2));

        assertThat(world.label()).isEqualTo(label);
        assertThat(condition("SidecarsInSync").getStatus()).isEqualTo("True");
        assertThat(condition("SidecarsInSync").getMessage())
                .contains("sluice/limiter-sidecar:0.1.0")
                .contains("sluice/limiter-sidecar:0.2.0")
                .contains("kubectl rollout restart --namespace apps deployment/scholarship-api");

        rollout.setSpec(FakeWorld.spec(SPEC.replace("tokens: 100", "tokens: 50")));
        for (int i = 0; i < 5 && !"Injecting".equals(phase()); i++) {
            turn();
        }
        assertThat(world.label()).isNotEqualTo(label);
    }

    @Test
    void anOperatorWithAnotherSidecarImageDisturbsNoRolloutThatIsUnderWay() {
        exposed();
        var label = world.label();

        upgradeOperator();
        settle();
        turn();

        assertThat(world.label()).isEqualTo(label);
        assertThat(condition("Progressing").getStatus()).isEqualTo("True");
        promoted();
        assertThat(phase()).isEqualTo("Promoted");
    }

    private void upgradeOperator() {
        injection = InjectionSettings.of("sluice/limiter-sidecar:0.2.0", "IfNotPresent", "https://sluice-control:9443");
        loop = loop();
    }

    @Test
    void waitsForANetworkPolicyThatWouldCutCallersOff() {
        world.policies.add(new NetworkPolicyBuilder()
                .withNewMetadata()
                .withName("from-frontend")
                .endMetadata()
                .withNewSpec()
                .withNewPodSelector()
                .addToMatchLabels("app", FakeWorld.NAME)
                .endPodSelector()
                .addNewIngress()
                .addNewPort()
                .withPort(new IntOrString(8080))
                .endPort()
                .endIngress()
                .endSpec()
                .build());

        turn();

        assertThat(condition("Stalled").getReason()).isEqualTo("NetworkPolicyBlocksSidecar");
        assertThat(condition("Stalled").getMessage()).contains("from-frontend").contains("15080");
        assertThat(world.label()).isEmpty();
    }

    @Test
    void saysThatATargetIsInterruptedWhenItsPodsAreReplaced() {
        turn();
        assertThat(condition("Uninterrupted").getStatus()).isEqualTo("True");

        world.target().getSpec().setStrategy(new DeploymentStrategy(null, "Recreate"));
        turn();

        assertThat(condition("Uninterrupted").getReason()).isEqualTo("RecreateStrategy");
    }

    @Test
    void saysThatAPausedTargetKeepsSidecarsAway() {
        turn();
        assertThat(phase()).isEqualTo("Injecting");
        world.target().getSpec().setPaused(true);
        turn();

        assertThat(phase()).isEqualTo("Injecting");
        assertThat(condition("Uninterrupted").getStatus()).isEqualTo("True");
        assertThat(condition("Uninterrupted").getReason()).isEqualTo("Paused");
        assertThat(condition("SidecarsInSync").getMessage())
                .contains("2 desired, 0 injected")
                .contains("kubectl rollout resume");
    }

    @Test
    void aPausedTargetIsWaitedForBeforeAnythingIsChanged() {
        world.target().getSpec().setPaused(true);
        pass(Duration.ofHours(1));

        assertThat(phase()).isEqualTo("Pending");
        assertThat(condition("Stalled").getReason()).isEqualTo("Paused");
        assertThat(condition("Stalled").getMessage()).contains("kubectl rollout resume");
        assertThat(world.label()).isEmpty();

        world.target().getSpec().setPaused(false);
        turn();

        assertThat(phase()).isEqualTo("Injecting");
    }

    @Test
    void aPausedTargetWhosePodsHaveTheirSidecarsIsNotWaitedFor() {
        promoted();
        world.target().getSpec().setPaused(true);
        rollout.setSpec(FakeWorld.spec(SPEC.replace("tokens: 100", "tokens: 50")));
        settle();
        turn();
        turn();

        assertThat(phase()).isEqualTo("Injecting");
    }

    @Test
    void saysThatAPausedTargetKeepsItsSidecars() {
        for (int i = 0; i < 10 && world.label().isEmpty(); i++) {
            turn();
        }
        world.pod("a", true);
        world.target().getSpec().setPaused(true);
        rollout.getMetadata()
                .getAnnotations()
                .put(
                        PlanMapping.COMMAND,
                        "abort@%s/1"
                                .formatted(Optional.ofNullable(status().candidate())
                                        .orElseThrow()
                                        .revision()));
        turn();
        turn();

        assertThat(phase()).isEqualTo("RollingBack");
        assertThat(condition("RollbackVerified").getMessage())
                .contains("1 injected")
                .contains("kubectl rollout resume");
        assertThat(condition("Stalled").getReason()).isEqualTo("Paused");
        assertThat(condition("Stalled").getMessage()).contains("kubectl rollout resume");
        assertThat(condition("Reconciling").getStatus()).isEqualTo("False");
    }

    @Test
    void leavesTheWorldAloneWhenTheCommitIsRefused() {
        commitFails = Optional.of(new KubernetesClientException("changed", 409, null));

        var next = turn();

        assertThat(next).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(world.bootstrap).isNull();
        assertThat(world.events).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithAnUnreadableSpec() {
        rollout.setSpec(null);

        turn();

        assertThat(condition("Stalled").getReason()).isEqualTo("InvalidSpec");
        assertThat(condition("Ready").getStatus()).isEqualTo("False");
    }

    @Test
    void saysWhichFieldAdmissionShouldHaveRefused() {
        rollout = FakeWorld.rollout(SPEC.replace("hold: 2m", "hold: 1y"));

        turn();
        turn();

        assertThat(condition("Stalled").getReason()).isEqualTo("InvalidSpec");
        assertThat(condition("Stalled").getMessage()).contains("'1y'");
        assertThat(written).hasSize(1);
    }

    @Test
    void waitsForWhatTheTargetLacks() {
        world.services.set(0, FakeWorld.service(8080));

        turn();

        assertThat(phase()).isEqualTo("Pending");
        assertThat(condition("Stalled").getReason()).isEqualTo("NumericTargetPort");
        assertThat(condition("Stalled").getMessage()).contains("set targetPort of its port 80 to http");
        assertThat(world.reasons()).containsExactly("NumericTargetPort");
        assertThat(world.label()).isEmpty();
    }

    @Test
    void waitsForATemplateWhosePodsTheWebhookWouldLeaveAlone() {
        var pod = world.target().getSpec().getTemplate().getSpec();
        pod.setVolumes(List.of(new VolumeBuilder()
                .withName("sluice-tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .build()));
        turn();

        assertThat(condition("Stalled").getReason()).isEqualTo("CannotInject");
        assertThat(condition("Stalled").getMessage()).contains("a volume called sluice-tmp already; rename it");
        assertThat(world.label()).isEmpty();

        pod.setVolumes(List.of());
        pod.setNodeSelector(Map.of("kubernetes.io/os", "windows"));
        // What only people read is refreshed once a minute.
        now = now.plusSeconds(60);
        turn();

        assertThat(condition("Stalled").getMessage()).contains("asks for Windows");
        assertThat(world.label()).isEmpty();

        pod.setNodeSelector(Map.of("kubernetes.io/os", "linux"));
        turn();

        assertThat(phase()).isEqualTo("Injecting");
    }

    @Test
    void yieldsToAnOlderRolloutOfTheSameTarget() {
        var older = FakeWorld.rollout(SPEC);
        older.getMetadata().setName("older");
        older.getMetadata().setUid("0000");
        older.getMetadata().setCreationTimestamp("2025-12-31T00:00:00Z");
        world.rollouts.addAll(List.of(older, rollout));

        turn();

        assertThat(condition("Stalled").getReason()).isEqualTo("TargetConflict");
        assertThat(condition("Stalled").getMessage()).contains("older");
        assertThat(world.label()).isEmpty();
    }

    @Test
    void namesPodsThatHaveNoSidecar() {
        injected();
        world.pod("forgotten", false);

        turn();

        assertThat(condition("SidecarsInSync").getReason()).isEqualTo("PodsWithoutSidecar");
        assertThat(condition("SidecarsInSync").getMessage()).contains("kubectl delete pod --namespace apps forgotten");
    }

    @Test
    void saysWhyASidecarRefused() {
        injected();
        acks.record(FakeWorld.KEY, "a", new Ack(epoch(), false, "limits[0].burst: too low", now));

        turn();

        assertThat(condition("SidecarsInSync").getReason()).isEqualTo("ConfigRefused");
        assertThat(condition("SidecarsInSync").getMessage()).contains("a: limits[0].burst: too low");
    }

    @Test
    void holdsAndSaysSoWhenTheApiServerForbidsWhatItMustDo() {
        world.refusal = new KubernetesClientException(
                "forbidden",
                403,
                new StatusBuilder().withMessage("deployments.apps is forbidden").build());
        turn();
        turn();

        assertThat(condition("Progressing").getReason()).isEqualTo("ApplyFailed");
        assertThat(condition("Progressing").getMessage()).contains("deployments.apps is forbidden");
    }

    @Test
    void goesOnFromTheBootstrapWhenStatusWasLost() {
        promoted();
        var promoted = Optional.ofNullable(status().stable()).orElseThrow().revision();
        var epoch = epoch();

        rollout = FakeWorld.rollout(SPEC);
        rollout.setSpec(FakeWorld.spec(SPEC.replace("tokens: 100", "tokens: 50")));
        written.clear();
        loop = loop();
        turn();

        assertThat(Optional.ofNullable(status().stable()).orElseThrow().revision())
                .isEqualTo(promoted);
        assertThat(status().weight()).isZero();
        assertThat(epoch()).isGreaterThan(epoch);
    }

    @Test
    void closesTheServiceAndOpensItWithoutDisturbingTheRollout() {
        exposed();
        closesAndOpens();
        promoted();
        closesAndOpens();
        assertThat(phases().stream().distinct())
                .containsExactly("Injecting", "Observing", "Progressing", "Baking", "Promoted");
    }

    private void closesAndOpens() {
        var before = LimiterConfigParser.parse(bootstrapDocument());
        var phase = phase();

        rollout.setSpec(FakeWorld.spec(SPEC + "maintenance: {enabled: true, retryAfter: 90s}\n"));
        turn();
        var closed = LimiterConfigParser.parse(bootstrapDocument());
        rollout.setSpec(FakeWorld.spec(SPEC));
        turn();
        var open = LimiterConfigParser.parse(bootstrapDocument());

        assertThat(closed.maintenance().orElseThrow().retryAfter()).isEqualTo(Duration.ofSeconds(90));
        assertThat(closed.epoch()).isEqualTo(before.epoch() + 1);
        assertThat(closed.weight()).isEqualTo(before.weight());
        assertThat(closed.stable()).isEqualTo(before.stable());
        assertThat(closed.candidate()).isEqualTo(before.candidate());
        assertThat(open.withEpoch(before.epoch())).isEqualTo(before);
        assertThat(open.epoch()).isEqualTo(before.epoch() + 2);
        assertThat(phase()).isEqualTo(phase);
    }

    @Test
    void takesSidecarsOutBeforeADeletedRolloutGoes() {
        exposed();
        var epoch = epoch();
        rollout.getMetadata().setDeletionTimestamp(now.toString());

        assertThat(loop.farewell(rollout)).isPresent();

        assertThat(world.label()).isEmpty();
        var document = LimiterConfigParser.parse(bootstrapDocument());
        assertThat(document.weight()).isZero();
        assertThat(document.epoch()).isEqualTo(epoch + 1);
        assertThat(document.candidate()).isPresent();

        world.pods.clear();
        assertThat(loop.farewell(rollout)).isEmpty();
    }

    @Test
    void letsADeletedRolloutGoWhenItsTargetIsGone() {
        exposed();
        rollout.getMetadata().setDeletionTimestamp(now.toString());
        world.deployment = null;

        assertThat(loop.farewell(rollout)).isEmpty();
    }

    @Test
    void doesNotKeepADeletedRolloutForEver() {
        exposed();
        rollout.getMetadata().setDeletionTimestamp(now.toString());
        now = now.plus(Duration.ofMinutes(11));

        assertThat(loop.farewell(rollout)).isEmpty();
    }

    @Test
    void leavesAnotherRolloutsLabelAlone() {
        world.label(world.workload().orElseThrow(), "other.12345678");
        var other = FakeWorld.rollout(SPEC);
        other.getMetadata().setName("other");
        other.getMetadata().setCreationTimestamp("2026-01-02T00:00:00Z");
        world.rollouts.add(other);

        turn();
        rollout.getMetadata().setDeletionTimestamp(now.toString());
        loop.farewell(rollout);

        assertThat(world.label()).contains("other.12345678");
    }

    @Test
    void asksForItsNextTurnWhenAHoldEnds() {
        injected();
        settle();
        turn();
        now = now.plusSeconds(55);

        assertThat(turn()).isLessThanOrEqualTo(Duration.ofSeconds(10));
        now = now.plusSeconds(2);
        assertThat(turn()).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }

    private void injected() {
        for (int i = 0; i < 10 && !"Observing".equals(phase()); i++) {
            turn();
            settle();
        }
        turn();
    }

    private void exposed() {
        injected();
        for (int i = 0; i < 100 && !"Progressing".equals(phase()); i++) {
            settle();
            turn();
            now = now.plusSeconds(5);
        }
        settle();
        turn();
    }

    private void promoted() {
        for (int i = 0; i < 200 && !"Promoted".equals(phase()); i++) {
            settle();
            turn();
            now = now.plusSeconds(10);
        }
        settle();
        turn();
    }

    private void rolledBack() {
        exposed();
        pass(Duration.ofSeconds(70));
        signals.candidateErrors = 0.5;
        turn();
        acknowledge();
        turn();
    }

    private void pass(Duration time) {
        var until = now.plus(time);
        while (now.isBefore(until)) {
            turn();
            now = now.plusSeconds(10);
        }
    }

    /** The Deployment's pods follow its label, and their sidecars what they are told. */
    private void settle() {
        if (world.label().isPresent() && world.pods.isEmpty()) {
            world.pod("a", true);
            world.pod("b", true);
        }
        acknowledge();
    }

    private void acknowledge() {
        world.pods.forEach(
                pod -> acks.record(FakeWorld.KEY, pod.getMetadata().getUid(), new Ack(epoch(), true, "", now)));
    }

    private Duration turn() {
        return loop.turn(rollout, changed -> {
            commitFails.ifPresent(problem -> {
                changed.setStatus(null);
                throw problem;
            });
            written.add(changed.getStatus());
            afterCommit.run();
            return changed;
        });
    }

    private RolloutLoop loop() {
        var streams = new Streams(acks);
        var hooks = new HookJobs(world);
        var observer = new RolloutObserver(world, hooks, streams, acks, signals, injection, List::of);
        var derivations = new Derivations(world, hooks, world, streams, injection, () -> "PEM", leadership, () -> now);
        return new RolloutLoop(
                observer,
                new StatusCommitter(leadership, new FakeNotifier(), ReportLink.NONE, () -> now),
                derivations,
                new Farewell(world, observer, derivations, () -> now),
                streams,
                new LoopMeter() {
                    @Override
                    public void evaluated(Duration took, Duration late) {}

                    @Override
                    public void decided(RolloutKey rollout, Evaluation evaluation, Sidecars sidecars) {}

                    @Override
                    public void forgotten(RolloutKey rollout) {}

                    @Override
                    public void ended(String result) {}
                },
                () -> now,
                new Random());
    }

    private RateLimitRolloutStatus status() {
        return written.getLast();
    }

    private String phase() {
        return written.isEmpty() ? "" : String.valueOf(status().phase());
    }

    private long epoch() {
        return written.isEmpty() ? 0 : Optional.ofNullable(status().epoch()).orElse(0L);
    }

    private List<String> phases() {
        return written.stream().map(each -> String.valueOf(each.phase())).toList();
    }

    private List<Integer> weights() {
        return written.stream()
                .map(each -> Optional.ofNullable(each.weight()).orElse(-1))
                .toList();
    }

    private Condition condition(String type) {
        return Optional.ofNullable(status().conditions()).orElse(List.of()).stream()
                .filter(each -> each.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private String bootstrapDocument() {
        var bootstrap = Optional.ofNullable(world.bootstrap).orElseThrow();
        return bootstrap.getData().getOrDefault("limiter.json", "");
    }
}
