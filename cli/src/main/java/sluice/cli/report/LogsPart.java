package sluice.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import sluice.cli.cluster.PodLogs;

/** What sidecars, operator and hooks that failed have printed around a rollback; where there was none, around the newest decision. */
final class LogsPart {
    static final String TITLE = "Logs";
    static final String LINES = ".ndjson";

    /** Names the files of which there was more. */
    static final String CUT = "cut.json";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration REQUESTS_AROUND = Duration.ofSeconds(10);
    /** As long as a hook may take, at most. */
    private static final Duration HOOKS_BEFORE = Duration.ofHours(1);

    private static final Duration LINES_AROUND = Duration.ofMinutes(5);
    private static final String FIRST = "first 64 MiB";
    private static final int MOST_FAILURES = 80;
    private static final int MOST_OTHERS = 20;
    private static final int MOST_LINES = 200;
    private static final int SHOWN = 12;
    private static final Set<String> FAILED_AUTH = Set.of("missing", "invalid", "expired");

    private final String namespace;
    private final String rollout;
    private final Instant around;
    private final ArrayNode cut = JSON.createArrayNode();
    private final List<JsonNode> failures = new ArrayList<>();

    LogsPart(String namespace, String rollout, Instant around) {
        this.namespace = namespace;
        this.rollout = rollout;
        this.around = around;
    }

    /**
     * What there is to show.
     *
     * @param missing why something is not
     */
    record Printed(
            List<PodLogs.Printed> hooks,
            List<PodLogs.Printed> sidecars,
            List<PodLogs.Printed> operators,
            List<String> missing) {}

    /** Asks a cluster. */
    Printed read(PodLogs logs, String operatorNamespace) {
        List<String> missing = new ArrayList<>();
        PodLogs.Found sidecars = logs.sidecars(namespace, rollout, around.minus(LINES_AROUND), chosen(this::requests));
        PodLogs.Found operators = logs.operator(operatorNamespace, around.minus(LINES_AROUND), chosen(this::own));
        sidecars.missing().forEach(why -> missing.add("sidecars: " + why));
        PodLogs.Found hooks = logs.failedHooks(namespace, rollout, around.minus(HOOKS_BEFORE));
        operators.missing().forEach(why -> missing.add("operator: " + why));
        hooks.missing().forEach(why -> missing.add("hooks: " + why));
        return new Printed(hooks.printed(), sidecars.printed(), operators.printed(), missing);
    }

    private static PodLogs.Choice chosen(Function<Stream<JsonNode>, Stream<JsonNode>> choice) {
        return lines -> choice.apply(parsed(lines)).map(JsonNode::toString);
    }

    Section add(Printed there, EvidenceFolder files) {
        EvidenceFolder folder = files.folder("logs");
        List<Markup> rows = new ArrayList<>();
        for (PodLogs.Printed printed : there.hooks()) {
            rows.add(row(folder, "hook-", printed, texts(printed), "last 2 MiB"));
        }
        for (PodLogs.Printed printed : there.sidecars()) {
            List<JsonNode> lines = requests(parsed(printed.lines().stream())).toList();
            failures.addAll(lines.stream().filter(LogsPart::isFailure).toList());
            rows.add(row(folder, "limiter-", printed, lines, FIRST));
        }
        for (PodLogs.Printed printed : there.operators()) {
            List<JsonNode> lines = own(parsed(printed.lines().stream())).toList();
            rows.add(row(folder, "operator-", printed, lines, FIRST));
        }
        if (!cut.isEmpty()) {
            folder.add(CUT, cut);
        }
        Markup said = rows.isEmpty()
                ? Markup.NOTHING
                : Markup.all(
                        Markup.element("p", "Around " + around + "; of requests those that failed first."),
                        Markup.element("ul", Markup.all(rows)),
                        extract());
        return new Section(TITLE, said, there.missing());
    }

    private Markup extract() {
        return failures.isEmpty()
                ? Markup.NOTHING
                : Markup.element(
                        "pre",
                        Markup.all(failures.stream()
                                .limit(SHOWN)
                                .map(line -> Markup.text(EvidenceFolder.sorted(Redaction.of(line))
                                        .toString()))
                                .toList()));
    }

    /** @param end which of what was there is read when it is too much */
    private Markup row(EvidenceFolder folder, String kind, PodLogs.Printed printed, List<JsonNode> lines, String end) {
        String file = kind + printed.pod() + LINES;
        folder.addLines(file, lines);
        if (printed.cut()) {
            cut.add(kind + printed.pod());
        }
        return Markup.element(
                "li",
                Section.link("logs/" + file, printed.pod()),
                Markup.text(String.format(
                        Locale.ROOT,
                        ": %d lines%s",
                        lines.size(),
                        printed.cut() ? ", from the %s of what there was".formatted(end) : "")));
    }

    /** Requests that failed, were throttled or blocked, a few others beside them, and everything that is no request. */
    private Stream<JsonNode> requests(Stream<JsonNode> lines) {
        int[] left = {MOST_FAILURES, MOST_OTHERS, MOST_LINES};
        return lines.takeWhile(line -> !isAfter(line, LINES_AROUND)).filter(line -> {
            int kind = !isRequest(line) ? 2 : isFailure(line) ? 0 : 1;
            return isWithin(line, isRequest(line) ? REQUESTS_AROUND : LINES_AROUND) && left[kind]-- > 0;
        });
    }

    private static boolean isRequest(JsonNode line) {
        return "REQUEST_LOG".equals(line.path("type").asText());
    }

    private static boolean isFailure(JsonNode line) {
        return isRequest(line)
                && (line.path("status_code").asInt() >= 500
                        || FAILED_AUTH.contains(line.path("auth_result").asText())
                        || Set.of("throttle", "block")
                                .contains(line.path("rate_limit_state").asText()));
    }

    /** The operator's lines about this rollout: those about others are none of this report's business. */
    private Stream<JsonNode> own(Stream<JsonNode> lines) {
        String key = namespace + "/" + rollout;
        return lines.takeWhile(line -> !isAfter(line, LINES_AROUND))
                .filter(line -> key.equals(line.path("rollout").asText()) && isWithin(line, LINES_AROUND))
                .limit(MOST_LINES);
    }

    /** The newest lines of a hook, which may print what it likes. A secret may have several lines. */
    private static List<JsonNode> texts(PodLogs.Printed printed) {
        List<String> lines = printed.lines();
        String newest = String.join("\n", lines.subList(Math.max(0, lines.size() - PodLogs.HOOK_LINES), lines.size()));
        return Redaction.of(newest)
                .lines()
                .<JsonNode>map(line -> JSON.createObjectNode().put("line", line))
                .toList();
    }

    private boolean isWithin(JsonNode line, Duration time) {
        return away(line).filter(away -> away.abs().compareTo(time) <= 0).isPresent();
    }

    private boolean isAfter(JsonNode line, Duration time) {
        return away(line).filter(away -> away.compareTo(time) > 0).isPresent();
    }

    private Optional<Duration> away(JsonNode line) {
        return Timeline.time(line.path("ts").textValue()).map(at -> Duration.between(around, at));
    }

    private static Stream<JsonNode> parsed(Stream<String> lines) {
        return lines.map(LogsPart::parsed).flatMap(Optional::stream);
    }

    private static Optional<JsonNode> parsed(String line) {
        try {
            return Optional.ofNullable(JSON.readTree(line)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** A part that nothing can be looked at for. */
    static Section without(String why) {
        return Section.notRun(TITLE, why);
    }
}
