package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.rollout.Baseline;
import sluice.operator.rollout.Canary;
import sluice.operator.rollout.CommandNote;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.HoldReason;
import sluice.operator.rollout.HookRun;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Orders;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Run;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.Strategy;
import sluice.operator.rollout.Timers;

/** Holds docs/architecture.md to the Events that are told. */
class RolloutEventsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Pattern NAME = Pattern.compile("`([A-Za-z]+)`");

    @ParameterizedTest
    @ValueSource(strings = {"Normal", "Warning"})
    void thePageNamesTheReasonsOfEachTypeAndNoOther(String type) throws IOException {
        assertThat(onThePage(type)).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(told(type));
    }

    private static List<String> onThePage(String type) throws IOException {
        var page = Files.readString(Path.of("../docs/architecture.md"));
        var events = page.substring(page.indexOf("- **Events**"), page.indexOf("- **Slack**"));
        var warning = events.indexOf("Warning:");
        return NAME.matcher(type.equals("Warning") ? events.substring(warning) : events.substring(0, warning))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static Set<String> told(String type) {
        return states().flatMap(state -> RolloutEvents.of(rollout(), state, NOW).stream())
                .map(telling -> telling.event().get())
                .filter(event -> event.getType().equals(type))
                .map(Event::getReason)
                .collect(Collectors.toSet());
    }

    private static Stream<RolloutState> states() {
        return Stream.of(
                        holds().map(note -> state(note, Optional.empty())),
                        decisions().map(note -> state(note, Optional.empty())),
                        answers().map(answer -> state(note("Observe", "SidecarsReady"), Optional.of(answer))))
                .flatMap(all -> all);
    }

    /** Of each kind but the one that bears a blocker's name. */
    private static Stream<DecisionNote> holds() {
        return Arrays.stream(HoldReason.values())
                .filter(kind -> kind != HoldReason.BLOCKED)
                .map(kind -> note("Hold", kind.text()));
    }

    private static Stream<DecisionNote> decisions() {
        return Arrays.stream(Decision.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .filter(name -> !name.equals("Hold"))
                .flatMap(name -> name.equals("RollBack")
                        ? Stream.of("ErrorRatio", "NoData", "ProgressDeadlineExceeded", "HookFailed", "Abort")
                                .map(cause -> note(name, cause))
                        : Stream.of(note(name, "")));
    }

    private static Stream<CommandNote> answers() {
        return Arrays.stream(CommandNote.Outcome.values()).map(outcome -> new CommandNote("a@b/c", outcome, "", NOW));
    }

    private static DecisionNote note(String name, String reason) {
        return new DecisionNote(name, reason, "why", NOW);
    }

    private static List<HookRun> hooks() {
        return Stream.of(
                        new HookRun.Outcome.Due(),
                        new HookRun.Outcome.Running(NOW),
                        new HookRun.Outcome.Passed(NOW, NOW),
                        new HookRun.Outcome.Failed(NOW, NOW, "exit code 1"),
                        new HookRun.Outcome.Skipped(NOW))
                .map(outcome -> new HookRun("check", "3f9a0c12de", outcome))
                .toList();
    }

    private static RolloutState state(DecisionNote note, Optional<CommandNote> answer) {
        var minute = Duration.ofMinutes(1);
        var strategy = new Strategy(minute, List.of(new Step(100, minute)));
        var run = new Run(new Limiter("3f9a0c12de", "{}"), strategy, NOW);
        return new RolloutState(
                7,
                Limiter.OFF,
                false,
                true,
                new Progress.Baking(run, new Canary(0, NOW, NOW, new Baseline(Map.of(), NOW))),
                Timers.NONE,
                new Orders(Set.of(), answer),
                Optional.empty(),
                Optional.of(note),
                Optional.empty(),
                List.of(),
                hooks());
    }

    private static RateLimitRollout rollout() {
        var rollout = new RateLimitRollout();
        rollout.getMetadata().setNamespace("apps");
        rollout.getMetadata().setName("api");
        rollout.getMetadata().setUid("6f0c");
        return rollout;
    }
}
