package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.Phase;
import sluice.operator.rollout.RolloutState;

/**
 * The Events that the last committed decision stands for. Their names come from the rollout, the epoch and the decision, so that telling
 * them again after a crash makes no second one.
 */
final class RolloutEvents {

    private static final String NORMAL = "Normal";
    private static final String WARNING = "Warning";
    private static final int LONGEST_MESSAGE = 1000;
    private static final int NAME_DIGITS = 16;

    /** Holds that are a matter of course. */
    private static final Set<String> QUIET =
            Set.of("Observing", "Holding", "SidecarsNotReady", "AwaitingSidecars", "Latched", "Complete");

    private record Told(String type, String reason, String message) {}

    private final RateLimitRollout rollout;
    private final RolloutState state;

    private RolloutEvents(RateLimitRollout rollout, RolloutState state) {
        this.rollout = rollout;
        this.state = state;
    }

    static List<Event> of(RateLimitRollout rollout, RolloutState state, Instant now) {
        return state.lastDecision()
                .map(note -> new RolloutEvents(rollout, state).events(note, now))
                .orElse(List.of());
    }

    private List<Event> events(DecisionNote note, Instant now) {
        return told(note).stream().map(told -> event(note, told, now)).toList();
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
            case "RollBack" ->
                List.of(new Told(WARNING, cause(note), message), new Told(WARNING, "RollingBack", message));
            case "FinishRollBack" -> List.of(new Told(WARNING, "RolledBack", message));
            case "StartOver" -> List.of(new Told(NORMAL, "StartedOver", message));
            default -> List.of();
        };
    }

    private List<Told> withBake(String message, Told... before) {
        var bake = new Told(NORMAL, "BakeStarted", message);
        return state.phase() == Phase.BAKING
                ? java.util.stream.Stream.concat(java.util.Arrays.stream(before), java.util.stream.Stream.of(bake))
                        .toList()
                : List.of(before);
    }

    private static String cause(DecisionNote note) {
        return switch (note.reason()) {
            case "NoData" -> "SignalsMissing";
            case "ProgressDeadlineExceeded" -> "ProgressDeadlineExceeded";
            default -> "StopLossBroken";
        };
    }

    private static List<Told> held(DecisionNote note) {
        if (QUIET.contains(note.reason())) {
            return List.of();
        }
        var reason = switch (note.reason()) {
            case "NoData" -> "SignalsMissing";
            case "ServiceBreaching" -> "ServiceAlreadyBreaching";
            case "Breaching" -> "StopLossBreaching";
            default -> note.reason();
        };
        return List.of(new Told(WARNING, reason, note.message()));
    }

    private Event event(DecisionNote note, Told told, Instant now) {
        var meta = rollout.getMetadata();
        var at = now.truncatedTo(ChronoUnit.SECONDS).toString();
        var message = told.message();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(meta.getNamespace())
                .withName(meta.getName() + "." + hash(note, told))
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

    /** Holds come and go: one of a kind is told once per epoch. */
    private String hash(DecisionNote note, Told told) {
        var moment = note.name().equals("Hold") ? "" : note.at().toString();
        var text = String.join(
                "\n",
                rollout.getMetadata().getUid(),
                String.valueOf(state.epoch()),
                note.name(),
                moment,
                told.reason());
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, NAME_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
