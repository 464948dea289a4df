package sluice.e2e.measure;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The result as tables to read. */
public final class Report {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Report() {}

    public static String of(DemoResult result) {
        List<String> parts = new ArrayList<>();
        var promotion = result.promotion();
        if (promotion != null) {
            parts.add(promotion(promotion));
        }
        if (!result.rollbacks().isEmpty()) {
            parts.add(rollbacks(result.rollbacks()));
        }
        var outage = result.redisOutage();
        if (outage != null) {
            parts.add(outage(outage));
        }
        return String.join("\n", parts);
    }

    private static String promotion(PromotionFigures promotion) {
        var table = new Table("weight", "share of callers", "callers", "in both arms");
        promotion
                .steps()
                .forEach(step -> table.row(
                        step.weight() + "%",
                        "%.2f%%".formatted(100 * step.observedShare()),
                        Integer.toString(step.users()),
                        Integer.toString(step.inBothArms())));
        return "Promotion: %d requests, %d failed\n%s"
                .formatted(promotion.totalRequests(), promotion.failedRequests(), table);
    }

    private static String rollbacks(List<RollbackFigures> rollbacks) {
        var table = new Table(
                "signal",
                "first breach",
                "decided",
                "committed",
                "last ack",
                "commit to ack",
                "candidate after",
                "failed");
        rollbacks.forEach(rollback -> table.row(
                rollback.signal(),
                time(rollback.firstBreachingSample()),
                time(rollback.decidedAt()),
                time(rollback.committedAt()),
                time(rollback.lastAckAt()),
                rollback.commitToLastAckMs() + " ms",
                Long.toString(rollback.candidateRequestsAfterLastAck()),
                Integer.toString(rollback.failedRequestsNotInjected())));
        return "Rollbacks, times in UTC\n" + table;
    }

    private static String outage(OutageFigures outage) {
        return "Redis killed and restarted: %d requests failed, %d decisions in memory, %d warnings (one per sidecar)\n"
                .formatted(outage.failedRequests(), outage.memoryDecisions(), outage.warnLines());
    }

    private static String time(@Nullable Instant at) {
        return at == null ? "-" : TIME.format(at);
    }
}
