package sluice.cli.readiness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/** Memory over time, minute by minute, as {@code bench/run soak} has kept it. */
final class Soak {
    static final String FILE = "load/bench.json";
    private static final int SHORTEST_MINUTES = 20;
    /** Of the memory in use, within an hour. The first half of the time is not looked at: a JVM still grows then. */
    private static final double MOST_GROWTH = 0.05;

    private static final String WHAT = "soak of %d minutes: memory".formatted(SHORTEST_MINUTES);
    private static final String BOUND =
            "grows by less than %s an hour in its second half".formatted(Text.percent(MOST_GROWTH));

    private Soak() {}

    static LoadReport.Target target(Evidence evidence) {
        JsonNode soak = evidence.json(FILE)
                .map(document -> document.path("measurements").path("soak"))
                .filter(JsonNode::isObject)
                .orElse(null);
        if (soak == null) {
            return notRun(evidence.whyMissing("soak", "bench/results has no soak: run bench/run soak"));
        }
        String commit = soak.path("commit").asText();
        if (commit.isEmpty() || !evidence.commit().startsWith(commit)) {
            return notRun("the soak in bench/results is of commit " + Text.commit(commit));
        }
        if (soak.path("minutes").asInt() < SHORTEST_MINUTES) {
            return notRun(
                    "the soak took %d minutes".formatted(soak.path("minutes").asInt()));
        }
        return of(soak.path("series"));
    }

    private static LoadReport.Target notRun(String why) {
        return new LoadReport.Target(WHAT, Outcome.NOT_RUN, why, BOUND);
    }

    private static LoadReport.Target of(JsonNode series) {
        boolean flat = series.properties().stream().allMatch(each -> growth(each.getValue()) < MOST_GROWTH);
        String measured = series.properties().stream()
                .map(each -> "%s %s an hour".formatted(each.getKey(), Text.percent(growth(each.getValue()))))
                .collect(Collectors.joining(", "));
        return series.isEmpty()
                ? notRun("the soak has no series")
                : new LoadReport.Target(WHAT, Outcome.of(flat), measured, BOUND);
    }

    /** The slope of the best line through the second half, within an hour, as a share of its mean. */
    static double growth(JsonNode minutes) {
        List<JsonNode> all = minutes.valueStream().toList();
        List<JsonNode> half = all.subList(all.size() / 2, all.size());
        double meanMinute = mean(half, "minute");
        double meanMemory = mean(half, "rss_mib");
        double square = half.stream()
                .mapToDouble(each -> Math.pow(each.path("minute").asDouble() - meanMinute, 2))
                .sum();
        double product = half.stream()
                .mapToDouble(each -> (each.path("minute").asDouble() - meanMinute)
                        * (each.path("rss_mib").asDouble() - meanMemory))
                .sum();
        return square == 0 || meanMemory == 0 ? 0 : 60 * product / square / meanMemory;
    }

    private static double mean(List<JsonNode> of, String field) {
        return of.stream()
                .mapToDouble(each -> each.path(field).asDouble())
                .average()
                .orElse(0);
    }
}
