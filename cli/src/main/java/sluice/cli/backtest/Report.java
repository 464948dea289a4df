package sluice.cli.backtest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import sluice.cli.Table;

/** A backtest's findings for people and for programs. */
final class Report {
    private final String rollout;
    private final Instant from;
    private final Instant to;
    private final Findings findings;

    Report(String rollout, Instant from, Instant to, Findings findings) {
        this.rollout = rollout;
        this.from = from;
        this.to = to;
        this.findings = findings;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("%s from %s to %s, as if the candidate had been what the whole service was"
                .formatted(rollout, from, to));
        lines.add("%d rollouts, one after another: %d promoted, %d rolled back, %d under way at the end"
                .formatted(
                        findings.begun(),
                        findings.promoted(),
                        findings.rolledBack(),
                        findings.begun() - findings.promoted() - findings.rolledBack()));
        lines.addAll(rollbacks());
        lines.addAll(nearMisses());
        lines.addAll(noise());
        return lines;
    }

    private List<String> rollbacks() {
        if (findings.rollbacks().isEmpty()) {
            return List.of("no rollback would have been");
        }
        Table table = new Table();
        findings.rollbacks()
                .forEach(back -> table.row("  " + back.at(), back.phase(), "weight " + back.weight(), back.why()));
        return under("rollbacks that would have been", table);
    }

    private List<String> nearMisses() {
        if (findings.nearMisses().isEmpty()) {
            return List.of("no near miss");
        }
        Table table = new Table();
        findings.nearMisses()
                .forEach(miss -> table.row(
                        "  " + miss.since(),
                        miss.signal(),
                        "up to " + figure(miss.peak()) + " of " + figure(miss.threshold()),
                        "%d s of %d s"
                                .formatted(
                                        miss.lasted().toSeconds(), miss.window().toSeconds())));
        return under(
                "near misses, the nearest first: %d breaches that ended before their rule was broken"
                        .formatted(findings.missed()),
                table);
    }

    private List<String> noise() {
        Table table =
                new Table().row("  signal", "median", "p95", "max", "threshold", "nearest", "missing", "no traffic");
        for (Noise.Figures each : findings.noise()) {
            table.row(
                    "  " + each.signal(),
                    figure(each.median()),
                    figure(each.p95()),
                    figure(each.max()),
                    figure(each.threshold()),
                    percent(each.nearest()),
                    percent(each.missing()),
                    percent(each.noTraffic()));
        }
        return under("the whole service's signals; nearest is the largest share of a threshold", table);
    }

    private static List<String> under(String heading, Table table) {
        List<String> lines = new ArrayList<>(List.of(heading));
        lines.addAll(table.lines());
        return lines;
    }

    private static String figure(double value) {
        return Double.isNaN(value)
                ? "-"
                : new BigDecimal(value, new MathContext(3)).stripTrailingZeros().toPlainString();
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "-" : figure(share * 100) + "%";
    }

    ObjectNode json() {
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.put("rollout", rollout).put("from", from.toString()).put("to", to.toString());
        report.put("begun", findings.begun()).put("promoted", findings.promoted());
        report.put("rolledBack", findings.rolledBack()).put("nearMissCount", findings.missed());
        ArrayNode rollbacks = report.putArray("rollbacks");
        for (WouldBeRollback back : findings.rollbacks()) {
            rollbacks
                    .addObject()
                    .put("at", back.at().toString())
                    .put("startedAt", back.startedAt().toString())
                    .put("phase", back.phase())
                    .put("weight", back.weight())
                    .put("signal", back.signal())
                    .put("value", back.value().orElse(null))
                    .put("threshold", back.threshold().orElse(null))
                    .put("why", back.why());
        }
        ArrayNode misses = report.putArray("nearMisses");
        for (NearMiss miss : findings.nearMisses()) {
            misses.addObject()
                    .put("since", miss.since().toString())
                    .put("signal", miss.signal())
                    .put("peak", miss.peak())
                    .put("threshold", miss.threshold())
                    .put("seconds", seconds(miss.lasted()))
                    .put("forSeconds", seconds(miss.window()));
        }
        ArrayNode noise = report.putArray("signals");
        for (Noise.Figures each : findings.noise()) {
            ObjectNode row = noise.addObject().put("signal", each.signal()).put("moments", each.moments());
            put(row, "median", each.median());
            put(row, "p95", each.p95());
            put(row, "max", each.max());
            put(row, "threshold", each.threshold());
            put(row, "nearest", each.nearest());
            put(row, "missing", each.missing());
            put(row, "noTraffic", each.noTraffic());
        }
        return report;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private static void put(ObjectNode row, String field, double value) {
        row.put(field, Double.isNaN(value) ? null : value);
    }
}
