package sluice.cli.command;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.cli.RolloutView;
import sluice.cli.Table;
import sluice.operator.api.v1alpha1.CommandStatus;
import sluice.operator.api.v1alpha1.DecisionStatus;
import sluice.operator.api.v1alpha1.HookStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.SidecarsStatus;
import sluice.operator.api.v1alpha1.SignalStatus;

/** A rollout's status on one page. */
final class StatusPage {
    private final RolloutView rollout;

    StatusPage(RolloutView rollout) {
        this.rollout = rollout;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(rollout.key());
        rollout.status()
                .ifPresentOrElse(
                        status -> lines.addAll(lines(status)), () -> lines.add("  no operator has seen it yet"));
        if (rollout.status().isPresent() && !rollout.upToDate()) {
            lines.add("  the resource has changed since; the operator has not seen that yet");
        }
        return lines;
    }

    private List<String> lines(RateLimitRolloutStatus status) {
        Table table = new Table().row("  phase", rollout.place() + next(status));
        table.row("  revision", rollout.revision().orElse("") + over(status));
        Optional.ofNullable(status.sidecars())
                .map(StatusPage::sidecars)
                .ifPresent(text -> table.row("  sidecars", text));
        Optional.ofNullable(status.lastDecision())
                .map(StatusPage::decision)
                .ifPresent(text -> table.row("  decision", text));
        for (HookStatus hook : requireNonNullElse(status.hooks(), List.<HookStatus>of())) {
            table.row("  hook " + text(hook.name()), hook(hook));
        }
        Optional.ofNullable(status.lastCommand())
                .map(StatusPage::command)
                .ifPresent(text -> table.row("  command", text));
        table.row("  conditions", conditions(requireNonNullElse(status.conditions(), List.of())));
        List<String> lines = new ArrayList<>(table.lines());
        lines.addAll(signals(requireNonNullElse(status.signals(), List.of())));
        return lines;
    }

    private static String next(RateLimitRolloutStatus status) {
        return status.nextIn() == null ? "" : ", next in " + status.nextIn();
    }

    private static String over(RateLimitRolloutStatus status) {
        return status.candidate() == null || status.stable() == null
                ? ""
                : ", stable is " + status.stable().revision();
    }

    private static String sidecars(SidecarsStatus sidecars) {
        return "%d desired, %d injected, %d connected, %d in sync"
                .formatted(sidecars.desired(), sidecars.injected(), sidecars.connected(), sidecars.inSync());
    }

    private static String decision(DecisionStatus decision) {
        return "%s, %s, since %s: %s".formatted(decision.name(), decision.reason(), decision.at(), decision.message());
    }

    private static String hook(HookStatus hook) {
        return text(hook.outcome())
                + (hook.startedAt() == null ? "" : ", since " + hook.startedAt())
                + (hook.message() == null ? "" : ": " + hook.message());
    }

    private static String command(CommandStatus command) {
        return "%s: %s, %s".formatted(command.text(), command.outcome(), command.message());
    }

    private static String conditions(List<Condition> conditions) {
        return conditions.stream()
                .map(condition ->
                        "%s=%s (%s)".formatted(condition.getType(), condition.getStatus(), condition.getReason()))
                .collect(Collectors.joining(", "));
    }

    /** A line per rule and scope. */
    static List<String> signals(List<SignalStatus> signals) {
        Table table = new Table().row("  signal", "scope", "value", "threshold", "verdict");
        for (SignalStatus signal : signals) {
            table.row(
                    "  " + signal.name(),
                    text(signal.scope()),
                    text(signal.value()),
                    text(signal.threshold()),
                    text(signal.verdict()) + (signal.message() == null ? "" : ": " + signal.message()));
        }
        return signals.isEmpty() ? List.of() : table.lines();
    }

    private static String text(@Nullable String value) {
        return requireNonNullElse(value, "-");
    }
}
