package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.CommandNote;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.HoldReason;
import sluice.operator.rollout.HookRun;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;

/**
 * The Events that the last committed decision stands for. Their names come from the rollout, the epoch and the decision, so that telling
 * them again after a crash makes no second one.
 */
final class RolloutEvents {

    private static final String NORMAL = "Normal";
    private static final String WARNING = "Warning";
    private static final int LONGEST_MESSAGE = 1000;

    /** Holds that somebody has asked for. */
    private static final Set<HoldReason> ASKED_FOR = EnumSet.of(
            HoldReason.PAUSED,
            HoldReason.SUSPENDED,
            HoldReason.AWAITING_APPROVAL,
            HoldReason.GATE_CLOSED,
            HoldReason.NOT_SHOWN_YET);

    private record Told(String type, String reason, String message) {}

    /** An Event that is made only when it has not been told yet, and its name behind that of its namespace. */
    record Telling(String name, Supplier<Event> event) {}

    private final RateLimitRollout rollout;
    private final RolloutState state;

    private RolloutEvents(RateLimitRollout rollout, RolloutState state) {
        this.rollout = rollout;
        this.state = state;
    }

    static List<Telling> of(RateLimitRollout rollout, RolloutState state, Instant now) {
        var events = new RolloutEvents(rollout, state);
        return Stream.of(
                        state.orders().last().stream().map(note -> events.answer(note, now)),
                        state.hooks().stream().flatMap(run -> events.hook(run, now)),
                        state.lastDecision().stream().flatMap(note -> events.events(note, now)))
                .flatMap(all -> all)
                .toList();
    }

    private Stream<Telling> events(DecisionNote note, Instant now) {
        return told(note).stream().map(told -> telling(hash(note, told, now), told, now));
    }

    private Telling answer(CommandNote note, Instant now) {
        var done = note.outcome() == CommandNote.Outcome.DONE;
        var told = new Told(
                done ? NORMAL : WARNING, "Command" + note.outcome().text(), note.text() + ": " + note.message());
        return telling(hash("Command", note.text(), note.at().toString()), told, now);
    }

    private Stream<Telling> hook(HookRun run, Instant now) {
        var reason = switch (run.outcome()) {
            case HookRun.Outcome.Due _ -> "";
            case HookRun.Outcome.Running _ -> "HookStarted";
            case HookRun.Outcome.Passed _ -> "HookSucceeded";
            case HookRun.Outcome.Failed _ -> "HookFailed";
            case HookRun.Outcome.Skipped _ -> "HookSkipped";
        };
        var type = run.outcome() instanceof HookRun.Outcome.Failed ? WARNING : NORMAL;
        return reason.isEmpty()
                ? Stream.empty()
                : Stream.of(
                        telling(hash(reason, run.sentence(), since(run)), new Told(type, reason, run.sentence()), now));
    }

    /** Tells one run from the next that ends in the same words. */
    static String since(HookRun run) {
        return run.since().map(StatusText::of).orElse("");
    }

    private List<Told> told(DecisionNote note) {
        var message = note.message();
        return switch (note.name()) {
            case "Hold" -> held(note);
            case "Accept" -> List.of(new Told(NORMAL, "SpecChanged", message));
            case "Settle" -> List.of(new Told(NORMAL, "AlreadyPromoted", message));
            case "Inject" -> List.of(new Told(NORMAL, "InjectionStarted", message));
            case "Observe" ->
                List.of(new Told(NORMAL, "SidecarsReady", message), new Told(NORMAL, "ObservationStarted", message));
            case "Start" ->
                withBake(
                        message,
                        new Told(NORMAL, "BaselineFrozen", "what the service shows now is the baseline"),
                        new Told(NORMAL, "CanaryStarted", message));
            case "Advance" -> withBake(message, new Told(NORMAL, "StepAdvanced", message));
            case "Promote" -> List.of(new Told(NORMAL, "Promoted", message));
            case "Disarm" -> List.of(new Told(NORMAL, "StopLossDisarmed", message));
            case "RollBack" ->
                List.of(new Told(WARNING, cause(note), message), new Told(WARNING, "RollingBack", message));
            case "FinishRollBack" -> List.of(new Told(WARNING, "RolledBack", message));
            case "StartOver" -> List.of(new Told(NORMAL, "StartedOver", message));
            default -> List.of();
        };
    }

    private List<Told> withBake(String message, Told... before) {
        var bake = new Told(NORMAL, "BakeStarted", message);
        return state.progress() instanceof Progress.Baking
                ? Stream.concat(Arrays.stream(before), Stream.of(bake)).toList()
                : List.of(before);
    }

    private static String cause(DecisionNote note) {
        return switch (note.reason()) {
            case "NoData" -> "SignalsMissing";
            case "ProgressDeadlineExceeded" -> "ProgressDeadlineExceeded";
            case "Abort" -> "Aborted";
            case "HookFailed" -> "HookFailed";
            default -> "StopLossBroken";
        };
    }

    private static List<Told> held(DecisionNote note) {
        // A blocker has a name of its own.
        var kind = HoldReason.of(note.reason()).orElse(HoldReason.BLOCKED);
        if (isQuiet(kind)) {
            return List.of();
        }
        var reason = switch (note.reason()) {
            case "NoData" -> "SignalsMissing";
            case "ServiceBreaching" -> "ServiceAlreadyBreaching";
            case "Breaching" -> "StopLossBreaching";
            default -> note.reason();
        };
        return List.of(new Told(ASKED_FOR.contains(kind) ? NORMAL : WARNING, reason, note.message()));
    }

    /** A failed hook is told of the hook itself, and whoever backs off has been told of the rollback. */
    private static boolean isQuiet(HoldReason kind) {
        return kind.isRoutine() || kind == HoldReason.HOOK_FAILED || kind == HoldReason.BACKING_OFF;
    }

    private Telling telling(String hash, Told told, Instant now) {
        var name = rollout.getMetadata().getName() + "." + hash;
        return new Telling(rollout.getMetadata().getNamespace() + "/" + name, () -> event(name, told, now));
    }

    private Event event(String name, Told told, Instant now) {
        var meta = rollout.getMetadata();
        var at = now.truncatedTo(ChronoUnit.SECONDS).toString();
        var message = told.message();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(meta.getNamespace())
                .withName(name)
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(rollout.getApiVersion())
                .withKind(rollout.getKind())
                .withNamespace(meta.getNamespace())
                .withName(meta.getName())
                .withUid(meta.getUid())
                .endInvolvedObject()
                .withType(told.type())
                .withReason(told.reason())
                .withMessage(message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message)
                .withFirstTimestamp(at)
                .withLastTimestamp(at)
                .withCount(1)
                .withNewSource()
                .withComponent("sluice-operator")
                .endSource()
                .withReportingComponent("sluice.dev/operator")
                .withReportingInstance("sluice-operator")
                .build();
    }

    /** Holds come and go: one of a kind is told once per epoch, and again on each further day that it lasts. */
    private String hash(DecisionNote note, Told told, Instant now) {
        var days = Duration.between(note.at(), now).toDays();
        var moment = !note.name().equals("Hold") ? note.at().toString() : days > 0 ? "day " + days : "";
        return hash(String.valueOf(state.epoch()), note.name(), moment, told.reason());
    }

    private String hash(String... parts) {
        return ShortHash.of(rollout.getMetadata().getUid(), String.join("\n", parts));
    }
}
