package sluice.cli.explain;

import static java.util.Objects.requireNonNullElse;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.cli.RolloutView;
import sluice.cli.Table;
import sluice.operator.api.v1alpha1.CommandStatus;
import sluice.operator.api.v1alpha1.DecisionStatus;
import sluice.operator.api.v1alpha1.HistoryStatus;
import sluice.operator.api.v1alpha1.PastDecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;
import sluice.operator.api.v1alpha1.SampleStatus;

/** The story for people, in the order of time. */
final class Story {
    private static final int SECONDS = 19;

    private final RolloutView rollout;

    Story(RolloutView rollout) {
        this.rollout = rollout;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(rollout.key() + ": " + rollout.place()
                + rollout.revision().map(revision -> ", revision " + revision).orElse(""));
        rollout.status().ifPresent(status -> {
            lines.addAll(decisions(status));
            Optional.ofNullable(status.lastRollback()).map(Story::rollback).ifPresent(lines::addAll);
            Optional.ofNullable(status.lastCommand()).map(Story::command).ifPresent(lines::add);
            lines.addAll(history(requireNonNullElse(status.history(), List.of())));
        });
        lines.add("next: " + new Outlook(rollout).sentence());
        return lines;
    }

    private static List<String> decisions(RateLimitRolloutStatus status) {
        Table table = new Table();
        for (PastDecisionStatus past : requireNonNullElse(status.decisions(), List.<PastDecisionStatus>of())
                .reversed()) {
            table.row(
                    "  " + time(past.at()),
                    decision(past.name(), past.reason()),
                    text(past.message()) + evidence(past));
        }
        DecisionStatus last = status.lastDecision();
        if (last != null && "Hold".equals(last.name())) {
            table.row("  now, since " + time(last.at()), decision(last.name(), last.reason()), text(last.message()));
        }
        return table.lines();
    }

    private static String decision(@Nullable String name, @Nullable String reason) {
        return "%s (%s)".formatted(name, reason);
    }

    private static String evidence(PastDecisionStatus past) {
        String by = past.by() == null ? "" : "; asked for by " + past.by();
        if (past.signal() == null) {
            return by;
        }
        return "; %s (%s) %s of %s for %s%s%s"
                .formatted(
                        past.signal(),
                        past.scope(),
                        requireNonNullElse(past.value(), "unknown"),
                        past.threshold(),
                        past.window(),
                        samples(requireNonNullElse(past.samples(), List.of())),
                        by);
    }

    private static String samples(List<SampleStatus> samples) {
        return samples.isEmpty()
                ? ""
                : samples.stream().map(SampleStatus::value).collect(Collectors.joining(" ", ", last samples ", ""));
    }

    private static List<String> rollback(RollbackStatus rollback) {
        List<String> lines = new ArrayList<>();
        lines.add("the last rollback, of revision %s from weight %d: %s"
                .formatted(rollback.revision(), rollback.fromWeight(), rollback.message()));
        if (rollback.signal() != null) {
            lines.add("  %s (%s) was %s, threshold %s, for %s; samples from %s to %s:%s"
                    .formatted(
                            rollback.signal(),
                            rollback.scope(),
                            rollback.value(),
                            rollback.threshold(),
                            rollback.window(),
                            time(rollback.firstBreachingSample()),
                            time(rollback.lastSample()),
                            values(requireNonNullElse(rollback.samples(), List.of()))));
        }
        lines.add("  decided at %s, written down%s, last sidecar back%s, over%s%s"
                .formatted(
                        rollback.decidedAt(),
                        after(rollback.decidedAt(), rollback.committedAt()),
                        after(rollback.decidedAt(), rollback.lastAckAt()),
                        after(rollback.decidedAt(), rollback.finishedAt()),
                        rollback.proof() == null ? "" : " (" + rollback.proof() + ")"));
        return lines;
    }

    private static String values(List<SampleStatus> samples) {
        return samples.stream().map(SampleStatus::value).collect(Collectors.joining(" ", " ", ""));
    }

    private static String after(@Nullable String from, @Nullable String to) {
        try {
            return from == null || to == null
                    ? ": not yet"
                    : " "
                            + Duration.between(Instant.parse(from), Instant.parse(to))
                                    .toMillis() + " ms later";
        } catch (DateTimeException e) {
            return " at " + to;
        }
    }

    private static String command(CommandStatus command) {
        return "the last command, %s at %s: %s, %s"
                .formatted(command.text(), time(command.at()), command.outcome(), command.message());
    }

    private static List<String> history(List<HistoryStatus> history) {
        if (history.isEmpty()) {
            return List.of();
        }
        Table table = new Table();
        history.reversed()
                .forEach(attempt -> table.row(
                        "  " + time(attempt.at()),
                        text(attempt.revision()),
                        text(attempt.outcome()),
                        text(attempt.reason())));
        List<String> lines = new ArrayList<>(List.of("attempts so far:"));
        lines.addAll(table.lines());
        return lines;
    }

    /** To the second. */
    private static String time(@Nullable String at) {
        return at == null || at.length() < SECONDS ? "-" : at.substring(0, SECONDS) + "Z";
    }

    private static String text(@Nullable String value) {
        return requireNonNullElse(value, "-");
    }
}
