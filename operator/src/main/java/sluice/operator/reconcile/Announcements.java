package sluice.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.reconcile.Notification.Kind;
import sluice.operator.rollout.CommandNote;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.HoldReason;
import sluice.operator.rollout.HookRun;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.Rollback;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Verb;

/** What an evaluation gives people to hear, in the order in which it happened. */
final class Announcements {

    private final RateLimitRollout rollout;
    private final List<List<String>> failures;
    private final RolloutState before;
    private final RolloutState next;
    private final Decision decision;
    private final Instant now;
    private final NotificationText text;

    Announcements(Observed observed, Evaluation evaluation, ReportLink link, Instant now) {
        this.rollout = observed.rollout();
        this.failures = observed.census().failures();
        this.before = observed.state();
        this.next = evaluation.next();
        this.decision = evaluation.decision();
        this.now = now;
        this.text = new NotificationText(rollout, link);
    }

    /** What became of a command, a service closed or opened, a decision to do something. */
    Stream<Notification> news() {
        return Stream.concat(Stream.of(command(), maintenance(), decision()).flatMap(Optional::stream), failedHooks());
    }

    private Optional<Notification> command() {
        return next.orders()
                .last()
                .filter(note -> !before.orders().last().equals(Optional.of(note)))
                .map(note ->
                        notification(Kind.DECISION, answer(note), "Command", note.text(), StatusText.of(note.at())));
    }

    private String answer(CommandNote note) {
        return text.of(
                "command " + note.outcome().text().toLowerCase(Locale.ROOT), note.text() + ": " + note.message());
    }

    private Stream<Notification> failedHooks() {
        return next.hooks().stream()
                .filter(run -> run.outcome() instanceof HookRun.Outcome.Failed
                        && !before.hooks().contains(run))
                .map(run -> notification(
                        Kind.DECISION,
                        text.of(
                                "a hook has failed",
                                Stream.concat(Stream.of(run.sentence()), toType())
                                        .toList()),
                        "Hook",
                        run.sentence(),
                        RolloutEvents.since(run)));
    }

    /** After a rollback its failure changes nothing, and retry is about the candidate. */
    private Stream<String> toType() {
        var revision = next.candidate().orElse(next.stable()).revision();
        return next.progress() instanceof Progress.RolledBack
                ? Stream.of(text.look())
                : Stream.of(
                        text.command("To run it again", Verb.RETRY, revision),
                        text.command("To go on without it", Verb.SKIP_HOOK, revision));
    }

    private Optional<Notification> maintenance() {
        if (next.maintenance().equals(before.maintenance())) {
            return Optional.empty();
        }
        var said = next.maintenance()
                .map(wait -> text.of(
                        "closed for maintenance",
                        "every request but those for exempt paths is answered with 503; callers are told to wait "
                                + StatusText.of(wait)))
                .orElseGet(() -> text.of("open again", "the maintenance is over"));
        return Optional.of(notification(Kind.DECISION, said, "Maintenance"));
    }

    private Optional<Notification> decision() {
        var kind = decision instanceof Decision.RollBack || decision instanceof Decision.FinishRollBack
                ? Kind.ROLLBACK
                : Kind.DECISION;
        return next.lastDecision()
                .flatMap(note -> said(note)
                        .map(said -> notification(kind, said, note.name(), note.reason(), StatusText.of(note.at()))));
    }

    private Optional<String> said(DecisionNote note) {
        return switch (decision) {
            case Decision.Hold _, Decision.Observe _, Decision.Settle _ -> Optional.empty();
            case Decision.Accept _ ->
                before.progress() instanceof Progress.Running
                        ? Optional.of(text.of("the resource has changed; back at weight 0", note.message()))
                        : Optional.empty();
            case Decision.Inject inject -> Optional.of(text.of("started", note.message(), toStop(inject.candidate())));
            case Decision.Start _, Decision.Advance _ -> step();
            case Decision.Promote _ -> Optional.of(text.of("promoted; everyone has the new limiter", note.message()));
            case Decision.RollBack _ -> Optional.of(rollingBack(note));
            case Decision.FinishRollBack _ -> next.lastRollback().map(rollback -> rolledBack(rollback, note));
            case Decision.StartOver _ -> Optional.of(text.of("starts over", note.message()));
            case Decision.Disarm _ -> Optional.of(text.of("the stop-loss is disarmed", note.message()));
        };
    }

    private Optional<String> step() {
        return next.progress() instanceof Progress.Exposed exposed
                ? Optional.of(text.of(
                        "weight %d, step %d of %d"
                                .formatted(
                                        exposed.weight(),
                                        exposed.canary().step() + 1,
                                        exposed.run().strategy().steps().size()),
                        "for at least %s, with the stop-loss armed"
                                .formatted(StatusText.of(exposed.present().hold())),
                        toStop(exposed.run().candidate())))
                : Optional.empty();
    }

    private String toStop(Limiter candidate) {
        return text.command("To stop it", Verb.ABORT, candidate.revision());
    }

    private String rollingBack(DecisionNote note) {
        var from = next.lastRollback().map(Rollback::fromWeight).orElse(before.weight());
        return text.of("ROLLING BACK from weight %d to 0".formatted(from), RollbackEvidence.of(note, next, text));
    }

    private String rolledBack(Rollback rollback, DecisionNote note) {
        var lines = new ArrayList<String>();
        lines.add(note.message());
        lines.add(text.link(rollback.revision()));
        lines.add(
                next.startsOver()
                        ? "it starts over by itself when data are back"
                        : text.command("To try it again", Verb.RETRY, rollback.revision()));
        lines.addAll(RollbackEvidence.log(failures));
        lines.addAll(RollbackEvidence.changes(before, RollbackEvidence.MOST_FIELDS_WITH_LOG));
        lines.add(text.report());
        return text.of("rolled back from weight %d to 0".formatted(rollback.fromWeight()), lines);
    }

    /**
     * Why it holds, once that has lasted for as long as it may without anybody hearing of it, and again when it still does a day later.
     *
     * @param told what they have heard of since the last decision to do something
     */
    Optional<Notification> hold(Notified told) {
        if (!(decision instanceof Decision.Hold hold) || !told.mayTell(hold.reason(), now)) {
            return Optional.empty();
        }
        var since = next.lastDecision().map(DecisionNote::at).orElse(now);
        return patience(hold.kind())
                .filter(patience -> !now.isBefore(since.plus(patience)))
                .map(_ -> {
                    var before = told.toldAt(hold.reason());
                    return notification(
                            Kind.DECISION,
                            held(hold, before.isPresent()),
                            "Hold",
                            hold.reason(),
                            StatusText.of(before.orElse(since)));
                });
    }

    private String held(Decision.Hold hold, boolean again) {
        return text.of(
                "%s at weight %d: %s".formatted(again ? "still holds" : "holds", next.weight(), hold.reason()),
                hold.message(),
                next(hold.kind()));
    }

    private String next(HoldReason kind) {
        var revision = next.candidate().map(Limiter::revision);
        return kind == HoldReason.AWAITING_APPROVAL && revision.isPresent()
                ? text.command("To approve it", Verb.PROMOTE, revision.get())
                : text.look();
    }

    /** How long it may last; empty for ever, where it is a matter of course or was asked for by a command, which is told. */
    private static Optional<Duration> patience(HoldReason kind) {
        return switch (kind) {
            case BLOCKED, SUSPENDED, AWAITING_APPROVAL, EVALUATION_RESUMED -> Optional.of(Duration.ZERO);
            // One sample proves little.
            case SCALED_TO_ZERO,
                    GATE_CLOSED,
                    SHOWN_WORSE,
                    CANNOT_BE_SHOWN,
                    HOOK_REFUSED,
                    SERVICE_BREACHING,
                    BREACHING,
                    NO_DATA,
                    NO_TRAFFIC,
                    SUSPICIOUS -> Optional.of(Duration.ofMinutes(1));
            // Its failure is told by itself.
            case HOOK_FAILED -> Optional.of(Duration.ofDays(1));
            // Where traffic is thin that takes long, and perhaps for ever.
            case NOT_SHOWN_YET -> Optional.of(Duration.ofHours(1));
            // Pods take a while.
            case SIDECARS_NOT_READY, AWAITING_SIDECARS -> Optional.of(Duration.ofMinutes(5));
            case OBSERVING, HOLDING, HOOK_RUNNING, PAUSED, LATCHED, BACKING_OFF, ARMED, COMPLETE -> Optional.empty();
        };
    }

    /** That a resource cannot be worked with. */
    static Notification invalid(RateLimitRollout rollout, String why, Instant now) {
        var text = new NotificationText(rollout, ReportLink.NONE);
        var meta = rollout.getMetadata();
        return new Notification(
                ShortHash.of(meta.getUid(), "InvalidSpec", String.valueOf(meta.getGeneration())),
                Kind.DECISION,
                text.of(
                        "the resource cannot be worked with",
                        why,
                        "Nothing is decided until it can be; sidecars leave a candidate that nobody watches by themselves."),
                now,
                0);
    }

    private Notification notification(Kind kind, String said, String... about) {
        var uid = rollout.getMetadata().getUid();
        var id = ShortHash.of(uid, String.valueOf(next.epoch()), String.join("\n", about));
        return new Notification(id, kind, said, now, 0);
    }
}
