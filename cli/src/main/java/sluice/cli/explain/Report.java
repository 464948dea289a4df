package sluice.cli.explain;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.cli.RolloutView;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;

/** The story for programs: status without what only the operator needs, decisions in the order of time. */
final class Report {
    private static final JsonMapper JSON = new JsonMapper();

    private final RolloutView rollout;

    Report(RolloutView rollout) {
        this.rollout = rollout;
    }

    ObjectNode json() {
        ObjectNode report = JSON.createObjectNode();
        report.put("namespace", rollout.namespace()).put("name", rollout.name()).put("phase", rollout.phase());
        report.put("revision", rollout.revision().orElse(null)).put("upToDate", rollout.upToDate());
        rollout.status().ifPresent(status -> add(report, status));
        return report.put("next", new Outlook(rollout).sentence());
    }

    private static void add(ObjectNode report, RateLimitRolloutStatus status) {
        report.put("weight", status.weight()).put("step", status.step());
        put(report, "decisions", decisions(status));
        put(report, "lastDecision", status.lastDecision());
        put(report, "lastCommand", status.lastCommand());
        put(report, "lastRollback", status.lastRollback());
        put(report, "signals", Optional.ofNullable(status.signals()).orElse(List.of()));
        put(report, "baseline", status.baseline());
        put(report, "history", Optional.ofNullable(status.history()).orElse(List.of()));
    }

    private static List<?> decisions(RateLimitRolloutStatus status) {
        return Optional.ofNullable(status.decisions()).orElse(List.of()).reversed();
    }

    private static void put(ObjectNode report, String field, @Nullable Object value) {
        report.set(field, JSON.valueToTree(value));
    }
}
