package sluice.cli.simulate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.operator.rollout.Breach;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.Phase;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.Rollback;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Verdict;

/** Tells what happened, a JSON line per change. */
final class Story {
    private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");

    private record Scene(Phase phase, int weight, @Nullable Integer step, String trouble) {}

    private final Instant start;
    private final Consumer<String> lines;
    private @Nullable Scene last;
    private Instant since;

    Story(Instant start, Consumer<String> lines) {
        this.start = start;
        this.lines = lines;
        this.since = start;
    }

    void tell(Evaluation evaluation, Instant now) {
        RolloutState state = evaluation.next();
        Scene scene = new Scene(state.phase(), state.weight(), step(state), trouble(evaluation.decision()));
        if (last == null || last.phase() != scene.phase()) {
            since = now;
        }
        if (!(evaluation.decision() instanceof Decision.Hold) || !Objects.equals(last, scene)) {
            lines.accept(line(evaluation, scene, now).toString());
        }
        last = scene;
    }

    private static String trouble(Decision decision) {
        return decision instanceof Decision.Hold hold && !hold.kind().isRoutine() ? hold.reason() : "";
    }

    private static @Nullable Integer step(RolloutState state) {
        return state.progress() instanceof Progress.Exposed exposed
                ? (Integer) (exposed.canary().step() + 1)
                : null;
    }

    private ObjectNode line(Evaluation evaluation, Scene scene, Instant now) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.set("t", seconds(now));
        line.put("phase", scene.phase().text()).put("weight", scene.weight());
        line.put("step", scene.step());
        line.put("decision", evaluation.decision().getClass().getSimpleName());
        evidence(line, evaluation);
        String why = evaluation.next().lastDecision().map(DecisionNote::message).orElse("");
        return line.put("why", inSeconds(why));
    }

    // No date of a simulation is one.
    private String inSeconds(String message) {
        return INSTANT.matcher(message).replaceAll(found -> "second " + seconds(Instant.parse(found.group())));
    }

    private static void evidence(ObjectNode line, Evaluation evaluation) {
        if (evaluation.decision() instanceof Decision.RollBack(RollbackReason reason, boolean _)) {
            if (reason instanceof RollbackReason.StopLossBroken(Breach breach)) {
                evidence(line, breach.signal().text(), breach.value(), breach.threshold());
            } else {
                evidence(line, reason.cause(), null, null);
            }
            return;
        }
        Optional<Finding> breaching = evaluation.findings().stream()
                .filter(finding ->
                        finding.verdict() instanceof Verdict.Breaching || finding.verdict() instanceof Verdict.Broken)
                .findFirst();
        breaching.ifPresentOrElse(
                finding ->
                        evidence(line, finding.signal().text(), finding.value().orElse(0), finding.threshold()),
                () -> evidence(line, null, null, null));
    }

    private static void evidence(
            ObjectNode line, @Nullable String signal, @Nullable Double value, @Nullable Double threshold) {
        line.put("signal", signal).put("value", value).put("threshold", threshold);
    }

    /** The last line. */
    void end(RolloutState state, Instant now) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        Optional<Rollback> rollback = switch (state.progress()) {
            case Progress.RollingBack back -> Optional.of(back.rollback());
            case Progress.RolledBack back -> Optional.of(back.rollback());
            case Progress.Pending _, Progress.Running _, Progress.Promoted _ -> Optional.empty();
        };
        boolean promoted = state.progress() instanceof Progress.Promoted;
        line.put("outcome", promoted ? "Promoted" : rollback.isPresent() ? "RolledBack" : "InProgress");
        line.set("t", seconds(rollback.map(Rollback::decidedAt).orElse(promoted ? since : now)));
        line.put("weight", state.weight())
                .put("signal", rollback.map(back -> back.reason().cause()).orElse(null));
        lines.accept(line.toString());
    }

    private NumericNode seconds(Instant at) {
        long millis = Duration.between(start, at).toMillis();
        return millis % 1000 == 0
                ? JsonNodeFactory.instance.numberNode(millis / 1000)
                : JsonNodeFactory.instance.numberNode(millis / 1000.0);
    }
}
