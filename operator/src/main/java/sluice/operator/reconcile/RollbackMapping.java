package sluice.operator.reconcile;

import static sluice.operator.reconcile.StatusText.decimal;
import static sluice.operator.reconcile.StatusText.instant;
import static sluice.operator.reconcile.StatusText.require;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.KubernetesDuration;
import sluice.operator.api.v1alpha1.RollbackStatus;
import sluice.operator.api.v1alpha1.SampleStatus;
import sluice.operator.rollout.Breach;
import sluice.operator.rollout.Rollback;
import sluice.operator.rollout.RollbackProof;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Sentences;
import sluice.operator.rollout.Signal;

/** {@code status.lastRollback}. */
final class RollbackMapping {
    private RollbackMapping() {}

    static RollbackStatus toStatus(Rollback rollback) {
        return switch (rollback.reason()) {
            case RollbackReason.StopLossBroken(Breach breach) -> broken(rollback, breach);
            case RollbackReason.NoData(var since, String why) -> late(rollback, StatusText.of(since), why);
            case RollbackReason.Aborted _ -> late(rollback, null, Sentences.of(rollback.reason()));
            case RollbackReason.HookFailed(String why) -> late(rollback, null, why);
            case RollbackReason.ProgressDeadline(var since, String why) -> late(rollback, StatusText.of(since), why);
        };
    }

    private static RollbackStatus broken(Rollback rollback, Breach breach) {
        return new RollbackStatus(
                rollback.revision(),
                rollback.reason().reason(),
                Sentences.of(rollback.reason()),
                breach.signal().text(),
                breach.signal() instanceof Signal.Query(String _, String promql) ? promql : null,
                breach.scope().text(),
                StatusText.of(breach.value()),
                StatusText.of(breach.threshold()),
                StatusText.of(breach.window()),
                StatusText.of(breach.firstBreachingSample()),
                StatusText.of(breach.lastSample()),
                null,
                rollback.fromWeight(),
                rollback.afterPromotion() ? true : null,
                StatusText.of(rollback.decidedAt()),
                StatusText.of(rollback.committedAt()),
                null,
                StatusText.of(rollback.finish().map(Rollback.Finish::at)),
                proof(rollback),
                breach.samples().stream().map(RollbackMapping::sample).toList());
    }

    private static RollbackStatus late(Rollback rollback, @Nullable String since, String why) {
        return new RollbackStatus(
                rollback.revision(),
                rollback.reason().reason(),
                why,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                since,
                rollback.fromWeight(),
                rollback.afterPromotion() ? true : null,
                StatusText.of(rollback.decidedAt()),
                StatusText.of(rollback.committedAt()),
                null,
                StatusText.of(rollback.finish().map(Rollback.Finish::at)),
                proof(rollback),
                null);
    }

    private static @Nullable String proof(Rollback rollback) {
        return rollback.finish().map(finish -> finish.proof().text()).orElse(null);
    }

    private static SampleStatus sample(Sample sample) {
        return new SampleStatus(StatusText.of(sample.at()), StatusText.of(sample.value()));
    }

    static Rollback toRollback(RollbackStatus status) {
        return new Rollback(
                require("lastRollback.revision", status.revision()),
                reason(status),
                require("lastRollback.fromWeight", status.fromWeight()),
                Boolean.TRUE.equals(status.afterPromotion()),
                instant("lastRollback.decidedAt", status.decidedAt()),
                instant(status.committedAt()),
                instant(status.finishedAt())
                        .map(at -> new Rollback.Finish(
                                RollbackProof.of(require("lastRollback.proof", status.proof())), at)));
    }

    private static RollbackReason reason(RollbackStatus status) {
        String reason = require("lastRollback.reason", status.reason());
        return switch (reason) {
            case "NoData" ->
                new RollbackReason.NoData(
                        instant("lastRollback.since", status.since()),
                        require("lastRollback.message", status.message()));
            case "Abort" -> new RollbackReason.Aborted();
            case RollbackReason.HOOK_FAILED ->
                new RollbackReason.HookFailed(require("lastRollback.message", status.message()));
            case "ProgressDeadlineExceeded" ->
                new RollbackReason.ProgressDeadline(
                        instant("lastRollback.since", status.since()),
                        require("lastRollback.message", status.message()));
            case RollbackReason.QUERY ->
                new RollbackReason.StopLossBroken(breach(
                        new Signal.Query(
                                require("lastRollback.signal", status.signal()),
                                require("lastRollback.query", status.query())),
                        status));
            default -> new RollbackReason.StopLossBroken(breach(Signal.of(reason), status));
        };
    }

    private static Breach breach(Signal signal, RollbackStatus status) {
        return new Breach(
                signal,
                Scope.of(require("lastRollback.scope", status.scope())),
                decimal("lastRollback.value", status.value()),
                decimal("lastRollback.threshold", status.threshold()),
                KubernetesDuration.parse(require("lastRollback.for", status.window())),
                instant("lastRollback.firstBreachingSample", status.firstBreachingSample()),
                instant("lastRollback.lastSample", status.lastSample()),
                samples(Optional.ofNullable(status.samples()).orElse(List.of())));
    }

    private static List<Sample> samples(List<SampleStatus> samples) {
        return samples.stream()
                .map(sample -> new Sample(
                        instant("lastRollback.samples.at", sample.at()),
                        decimal("lastRollback.samples.value", sample.value())))
                .toList();
    }
}
