package sluice.cli.readiness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.cli.report.Markup;

/** What the demonstration has measured, from the JSON that it writes, and from its story. */
final class DemoItems {
    static final String FILE = "demo.json";
    static final String STORY = "story.txt";
    static final List<String> SIGNALS = List.of("ErrorRatio", "LatencyP95", "AuthFailures", "ThrottledRatio");

    /** The folder of the suite's own lines. */
    private static final String SMOKE = "smoke";

    /** As the story says it, after the deployment and after a rollback. */
    private static final Pattern SUITE = Pattern.compile("the smoke suite has run as a hook: (\\d+) of (\\d+) passed");

    private static final int SUITES = 2;

    /** What a reader would take for a broken rule or a wrong clock. */
    private static final String HOW_A_WINDOW_IS_READ =
            "A rule of the demo is broken when every sample of the last 10 s is at or over its threshold (for: 10s, interval: 2s in "
                    + "definitions/rollout.yaml). A window is open at its beginning: a sample that is just 10 s old is not in it. So it has five samples, "
                    + "and from the first to the last of them it is 8 s; the decision follows the last at once. 8 to 9 s to the decision are the whole window.";

    private final Evidence evidence;
    private final JsonNode demo;

    DemoItems(Evidence evidence) {
        this.evidence = evidence;
        this.demo = evidence.json(FILE).orElse(MissingNode.getInstance());
    }

    List<Item> all() {
        return List.of(run(), promotion(), stopLoss(), outage(), smoke());
    }

    private Item run() {
        String title = "The demonstration, by its own word";
        JsonNode exit = evidence.run().path("exit");
        return exit.isInt()
                ? new Item(
                        title,
                        Outcome.of(exit.asInt() == 0),
                        exit.asInt() == 0
                                ? "went as promised"
                                : String.format(Locale.ROOT, "ended with %d", exit.asInt()),
                        files(STORY))
                : Item.notRun(title, "run.json does not say how it ended");
    }

    private Item promotion() {
        String title = "A good limiter reaches everybody, and nobody notices";
        JsonNode promotion = demo.path("promotion");
        if (!promotion.isObject()) {
            return Item.notRun(title, notMeasured());
        }
        int failed = promotion.path("failedRequests").asInt(-1);
        int total = promotion.path("totalRequests").asInt();
        String steps = promotion
                .path("steps")
                .valueStream()
                .map(step -> String.format(
                        Locale.ROOT,
                        "%s at weight %d",
                        Text.percent(step.path("observedShare").asDouble()),
                        step.path("weight").asInt()))
                .collect(Collectors.joining(", "));
        return new Item(
                title,
                Outcome.of(failed == 0 && total > 0),
                String.format(Locale.ROOT, "%d of %d requests failed; share of callers: %s", failed, total, steps),
                files(FILE));
    }

    private String notMeasured() {
        return evidence.whyMissing(
                "demo",
                demo.isMissingNode() ? "the demonstration has left no result" : "the demonstration did not get so far");
    }

    private Item stopLoss() {
        String title = "Every stop-loss rule brings a bad one back";
        List<List<Markup>> rows = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (String signal : SIGNALS) {
            Optional<JsonNode> rollback = demo.path("rollbacks")
                    .valueStream()
                    .filter(each -> each.path("signal").asText().equals(signal))
                    .findFirst();
            Outcome outcome = rollback.map(DemoItems::isBack).orElse(Outcome.NOT_RUN);
            outcomes.add(outcome);
            rows.add(row(signal, outcome, rollback.orElse(MissingNode.getInstance())));
        }
        long back = outcomes.stream().filter(each -> each == Outcome.PASSED).count();
        Markup table = Markup.table(
                List.of(
                        "",
                        "signal",
                        "first breach (UTC)",
                        "to the decision",
                        "to the last sidecar",
                        "candidate requests after",
                        "failed, not on purpose"),
                rows);
        return new Item(
                title,
                Outcome.worst(outcomes),
                back == SIGNALS.size()
                        ? String.format(
                                Locale.ROOT,
                                "%d of %d; the slowest sidecar after %s ms",
                                back,
                                SIGNALS.size(),
                                slowest())
                        : String.format(Locale.ROOT, "%d of %d", back, SIGNALS.size()),
                files(FILE),
                Markup.all(table, Markup.element("p", HOW_A_WINDOW_IS_READ)));
    }

    private static Outcome isBack(JsonNode rollback) {
        return Outcome.of(rollback.path("commitToLastAckMs").isNumber()
                && rollback.path("candidateRequestsAfterLastAck").asInt(-1) == 0
                && rollback.path("failedRequestsNotInjected").asInt(-1) == 0);
    }

    private static List<Markup> row(String signal, Outcome outcome, JsonNode rollback) {
        return List.of(
                Badge.of(outcome),
                Markup.text(signal),
                Markup.text(figure(rollback.path("firstBreachingSample"), "")),
                Markup.text(figure(rollback.path("breachToDecisionMs"), " ms")),
                Markup.text(figure(rollback.path("commitToLastAckMs"), " ms")),
                Markup.text(figure(rollback.path("candidateRequestsAfterLastAck"), "")),
                Markup.text(figure(rollback.path("failedRequestsNotInjected"), "")));
    }

    private static String figure(JsonNode figure, String unit) {
        return figure.isValueNode() && !figure.isNull() ? figure.asText() + unit : "-";
    }

    private long slowest() {
        return demo.path("rollbacks")
                .valueStream()
                .mapToLong(each -> each.path("commitToLastAckMs").asLong())
                .max()
                .orElse(0);
    }

    private Item outage() {
        String title = "Redis may die";
        JsonNode outage = demo.path("redisOutage");
        if (!outage.isObject()) {
            return Item.notRun(title, notMeasured());
        }
        int failed = outage.path("failedRequests").asInt(-1);
        long inMemory = outage.path("memoryDecisions").asLong();
        return new Item(
                title,
                Outcome.of(failed == 0 && inMemory > 0),
                String.format(Locale.ROOT, "%d requests failed, %d were decided in memory", failed, inMemory),
                files(FILE));
    }

    private Item smoke() {
        String title = "The smoke suite, after the deployment and after a rollback";
        List<MatchResult> runs = evidence.text(STORY).stream()
                .flatMap(story -> SUITE.matcher(story).results())
                .toList();
        if (runs.isEmpty()) {
            return Item.notRun(title, "the story does not say how it ended");
        }
        boolean passed = runs.stream().allMatch(run -> run.group(1).equals(run.group(2)));
        List<String> logs = evidence.under(SMOKE, ".txt");
        boolean complete = runs.size() >= SUITES && logs.size() >= SUITES;
        String ends = runs.stream()
                .map(run -> run.group(1) + " of " + run.group(2) + " passed")
                .collect(Collectors.joining(", then "));
        return new Item(
                title,
                passed && !complete ? Outcome.NOT_RUN : Outcome.of(passed),
                logs.size() >= SUITES
                        ? ends
                        : ends + "; " + evidence.whyMissing("smoke", "its own lines are not all there"),
                Stream.concat(files(STORY).stream(), logs.stream()).toList());
    }

    private List<String> files(String path) {
        return evidence.has(path) ? List.of(path) : List.of();
    }
}
