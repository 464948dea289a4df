package sluice.operator.reconcile;

import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.Leadership;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Progress;

/**
 * The only place that writes status. The update carries the resourceVersion that was decided on, so that of two leaders one loses, and is
 * not sent at all when the lease may be another's already.
 */
final class StatusCommitter {

    private final Leadership leadership;
    private final StatusOutbox outbox;
    private final InstantSource clock;

    StatusCommitter(Leadership leadership, Notifier notifier, ReportLink link, InstantSource clock) {
        this.leadership = leadership;
        this.outbox = new StatusOutbox(notifier, link);
        this.clock = clock;
    }

    /**
     * Commits an evaluation.
     *
     * @param update puts the resource's status and returns the resource as stored; throws what the client throws
     * @throws NotLeadingException when nothing may be written
     */
    Committed commit(Observed observed, Evaluation evaluation, UnaryOperator<RateLimitRollout> update) {
        var rollout = observed.rollout();
        var deadManSwitch = observed.plan().stopLoss().deadManSwitch();
        var replicas = observed.observation().sidecars().desired();
        var draft = draft(observed, evaluation);
        var underWay = !(evaluation.next().progress() instanceof Progress.Promoted)
                && !(evaluation.next().progress() instanceof Progress.RolledBack);
        if (!StatusChange.isWorthWriting(
                rollout.getStatus(), draft.status(), underWay, deadManSwitch, clock.instant())) {
            outbox.deliver(rollout);
            return new Committed(rollout, observed.state(), observed.target(), replicas, deadManSwitch);
        }
        var stored = write(rollout, draft, update);
        // What was stored, not what was sent: from here on only status counts.
        var state = CommittedState.of(stored).orElse(evaluation.next());
        return new Committed(stored, state, observed.target(), replicas, deadManSwitch);
    }

    /** Says that a resource cannot be worked with. What else is in status stays. */
    void refuse(RateLimitRollout rollout, String why, UnaryOperator<RateLimitRollout> update) {
        var status = StatusEdit.of(rollout.getStatus())
                .put("observedGeneration", rollout.getMetadata().getGeneration())
                .put("conditions", Conditions.invalid(rollout, why, clock.instant()))
                .done();
        var draft = outbox.refused(rollout, why, status, clock.instant());
        if (draft.status().equals(rollout.getStatus())) {
            outbox.deliver(rollout);
        } else {
            write(rollout, draft, update);
        }
    }

    /** Sees that people hear of what is committed of a resource that is being deleted. */
    void deliver(RateLimitRollout rollout) {
        outbox.deliver(rollout);
    }

    /** Hears that a resource goes, and its status with it. */
    void close(RateLimitRollout rollout) {
        outbox.close(rollout);
    }

    private StatusOutbox.Draft draft(Observed observed, Evaluation evaluation) {
        var now = clock.instant();
        var before = observed.rollout().getStatus();
        // Findings about signals that were not read would only say so.
        var written = new Evaluation(
                evaluation.decision(),
                evaluation.next().committedAt(now),
                observed.watched() ? evaluation.findings() : List.of());
        var status = StatusMapping.toStatus(
                written,
                observed.census().sidecars(),
                observed.rollout().getMetadata().getGeneration(),
                Conditions.of(observed, written, now),
                now);
        var told = DecisionTrail.in(
                LastAck.in(status, before, observed.census().lastAckAt()),
                before,
                observed.plan(),
                observed.state(),
                written);
        var due = StatusOutbox.snapshotDue(observed, written, now);
        var kept = SnapshotRecord.in(told, before, observed.figures(), due);
        return outbox.after(observed, written, kept, now);
    }

    private RateLimitRollout write(
            RateLimitRollout rollout, StatusOutbox.Draft draft, UnaryOperator<RateLimitRollout> update) {
        if (!leadership.fresh()) {
            throw new NotLeadingException();
        }
        rollout.setStatus(draft.status());
        var stored = update.apply(rollout);
        outbox.lost(stored, draft.lost());
        outbox.deliver(stored);
        return stored;
    }
}
