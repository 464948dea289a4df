package sluice.cli.readiness;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the run itself has sent around a moment, as it has kept it: a JSON object with {@code name}, {@code from} and {@code to} a line. */
final class SentMeanwhile {
    static final String FILE = "sent.jsonl";

    /** As far back as most rates of alerts look. */
    private static final Duration BEFORE = Duration.ofMinutes(1);

    private static final Map<String, String> WORDS = words();

    private SentMeanwhile() {}

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("story", "the demonstration's story");
        words.put("traffic", "the demo's load once more");
        words.put("requests", "requests that are to be refused, without a token among them (security/requests.json)");
        words.put("synthetics", "the checks from outside");
        words.put("probes", "Prometheus' own checks from outside");
        words.put("payloads", "attacks (security/payloads.json)");
        words.put("load", "ten times the demo's load");
        return words;
    }

    /** In words, or that it was not kept. */
    static String at(Instant moment, Evidence evidence) {
        List<JsonNode> sent = evidence.lines(FILE);
        if (sent.isEmpty()) {
            return "the run has not kept what it sent then";
        }
        String names = WORDS.entrySet().stream()
                .filter(each -> covers(named(sent, each.getKey()), moment))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining("; "));
        return names.isEmpty() ? "nothing of the run's own" : names;
    }

    private static List<JsonNode> named(List<JsonNode> sent, String name) {
        return sent.stream()
                .filter(part -> part.path("name").asText().equals(name))
                .toList();
    }

    /** From the first beginning to the last end: what goes on beside other parts begins in one line and ends in another. */
    private static boolean covers(List<JsonNode> parts, Instant moment) {
        return parts.stream().map(part -> time(part, "from")).anyMatch(from -> !from.isAfter(moment))
                && parts.stream().map(part -> time(part, "to")).anyMatch(to -> !to.isBefore(moment.minus(BEFORE)));
    }

    private static Instant time(JsonNode part, String field) {
        return Instant.parse(part.path(field).asText());
    }
}
