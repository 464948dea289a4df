package sluice.cli.readiness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Memory and failed requests over time, minute by minute, as {@code bench/run --minutes 20 soak} has kept them. */
final class Soak {
    static final String FILE = "load/bench.json";
    private static final int SHORTEST_MINUTES = 20;
    /** Of the memory in use, within an hour. The first half of the time is not looked at: a JVM still grows then. */
    private static final double MOST_GROWTH = 0.05;

    private static final String WHAT = String.format(Locale.ROOT, "soak of %d minutes", SHORTEST_MINUTES);
    private static final String BOUND =
            "grows by less than %s an hour in its second half".formatted(Text.percent(MOST_GROWTH));

    private Soak() {}

    /** What was promised of memory and of requests; one of both together where there is nothing to judge. */
    static List<LoadReport.Target> targets(Evidence evidence) {
        Optional<JsonNode> kept = kept(evidence);
        if (kept.isEmpty()) {
            return notRun(evidence.whyMissing(
                    "soak",
                    String.format(
                            Locale.ROOT,
                            "bench/results has no soak: run bench/run --minutes %d soak",
                            SHORTEST_MINUTES)));
        }
        JsonNode soak = kept.get();
        if (!isOfTheRun(evidence)) {
            return notRun("the soak in bench/results is of another sidecar, that of commit "
                    + Text.commit(soak.path("commit").asText()));
        }
        int minutes = soak.path("minutes").asInt();
        if (minutes < SHORTEST_MINUTES) {
            return notRun(String.format(Locale.ROOT, "the soak took %d minutes", minutes));
        }
        return of(soak.path("series"), minutes);
    }

    private static Optional<JsonNode> kept(Evidence evidence) {
        return evidence.json(FILE)
                .map(document -> document.path("measurements").path("soak"))
                .filter(JsonNode::isObject);
    }

    /** Whether there is one, of the sidecar that the run had. */
    static boolean isOfTheRun(Evidence evidence) {
        String sidecar = evidence.run().path("sidecar").asText();
        return !sidecar.isEmpty()
                && kept(evidence)
                        .filter(soak -> soak.path("sidecar").asText().equals(sidecar))
                        .isPresent();
    }

    private static List<LoadReport.Target> notRun(String why) {
        return List.of(new LoadReport.Target(WHAT, Outcome.NOT_RUN, why, ""));
    }

    private static List<LoadReport.Target> of(JsonNode series, int minutes) {
        String gaps = series.properties().stream()
                .filter(each -> measured(each.getValue()) < minutes)
                .map(each -> gap(each, minutes))
                .collect(Collectors.joining(", "));
        if (!gaps.isEmpty()) {
            return notRun(gaps);
        }
        return series.isEmpty() ? notRun("the soak has no series") : List.of(memory(series), failed(series));
    }

    private static String gap(Map.Entry<String, JsonNode> each, int minutes) {
        return String.format(
                Locale.ROOT,
                "%s has figures of %d of %d minutes",
                Text.brief(each.getKey()),
                measured(each.getValue()),
                minutes);
    }

    /** Of how many minutes there are all the figures that are judged. */
    private static long measured(JsonNode minutes) {
        return minutes.valueStream()
                .filter(each -> each.path("rss_mib").asDouble() > 0)
                .filter(each -> each.path("failed").isNumber())
                .map(each -> each.path("minute").asInt())
                .distinct()
                .count();
    }

    private static LoadReport.Target memory(JsonNode series) {
        boolean flat = series.properties().stream().allMatch(each -> growth(each.getValue()) < MOST_GROWTH);
        String measured = series.properties().stream()
                .map(each -> "%s %s an hour".formatted(each.getKey(), Text.percent(growth(each.getValue()))))
                .collect(Collectors.joining(", "));
        return new LoadReport.Target(WHAT + ": memory", Outcome.of(flat), measured, BOUND);
    }

    private static LoadReport.Target failed(JsonNode series) {
        boolean none = series.properties().stream().allMatch(each -> failures(each.getValue()) == 0);
        String measured = series.properties().stream()
                .map(each -> String.format(Locale.ROOT, "%s %d", each.getKey(), failures(each.getValue())))
                .collect(Collectors.joining(", "));
        return new LoadReport.Target(WHAT + ": failed requests", Outcome.of(none), measured, "0");
    }

    private static long failures(JsonNode minutes) {
        return minutes.valueStream()
                .mapToLong(each -> each.path("failed").asLong())
                .sum();
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
