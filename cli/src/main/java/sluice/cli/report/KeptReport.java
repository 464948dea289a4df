package sluice.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import sluice.cli.InvalidInputException;
import sluice.cli.cluster.Past;
import sluice.cli.cluster.PodLogs;
import sluice.operator.reconcile.KeptEvidence;
import sluice.operator.rollout.RolloutPlan;

/**
 * The report of one rollout, made again from what it has kept of where it looked: the resource, samples, log lines and alerts. Whatever else
 * is in its folder is written from these.
 */
public final class KeptReport {
    static final String RESOURCE = "resource.json";
    static final String PAST = "past.json";
    private static final String NOTHING_KEPT = "the report has kept nothing of it";

    /** The field of the manifest that says what could not be looked at. */
    public static final String NOT_RUN = "notRun";

    /** What is in the folder because it was read, and not because it was drawn. */
    private static final Pattern READ = Pattern.compile(
            "(?:resource|past|alerts|synthetics)\\.json|samples/[^/]+\\.csv|logs/[^/]+\\.(?:ndjson|json)");

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final SortedMap<String, byte[]> files;

    private KeptReport(SortedMap<String, byte[]> files) {
        this.files = files;
    }

    /**
     * Every file of the report, as this version writes it.
     *
     * @param files a report's files, by path from the top of its folder
     * @throws InvalidInputException when what was read cannot be read again
     */
    public static SortedMap<String, byte[]> writtenAgain(SortedMap<String, byte[]> files) {
        KeptReport kept = new KeptReport(files);
        EvidenceFolder folder = new EvidenceFolder();
        RolloutReport.Made made = new RolloutReport(kept.json(RESOURCE), kept).add(folder);
        SortedMap<String, byte[]> all = new TreeMap<>(folder.files());
        all.keySet().removeIf(KeptReport::isRead);
        files.forEach((path, bytes) -> {
            if (isRead(path)) {
                all.put(path, bytes);
            }
        });
        EvidenceFolder manifest = new EvidenceFolder();
        manifest.add(OwnFolder.MANIFEST, manifest(all, List.of(made)));
        all.putAll(manifest.files());
        return all;
    }

    /** Whether a file of a report is what it has read, and not written from that. */
    public static boolean isRead(String path) {
        return READ.matcher(path).matches();
    }

    /** The hashes of the files, and what could not be looked at. */
    static ObjectNode manifest(SortedMap<String, byte[]> files, List<RolloutReport.Made> made) {
        ObjectNode manifest = OwnFolder.manifest(files);
        ArrayNode notRun = manifest.putArray(NOT_RUN);
        made.forEach(each -> each.notRun().forEach(notRun::add));
        return manifest;
    }

    private boolean has(String path) {
        return files.containsKey(path);
    }

    private String text(String path) {
        return new String(files.getOrDefault(path, new byte[0]), StandardCharsets.UTF_8);
    }

    private JsonNode json(String path) {
        if (!has(path)) {
            return MissingNode.getInstance();
        }
        return json(path, text(path));
    }

    private static JsonNode json(String path, String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new InvalidInputException(path + ": is no JSON: " + e.getMessage());
        }
    }

    /** A section of which nothing is there, and why; that nobody has said it is no reason to say nothing. */
    Section nothing(String section) {
        List<String> said = notRun(section);
        return new Section(section, Markup.NOTHING, said.isEmpty() ? List.of(NOTHING_KEPT) : said);
    }

    /** What could not be looked at, as was said when it was tried. */
    List<String> notRun(String section) {
        return json(OwnFolder.MANIFEST)
                .path(NOT_RUN)
                .valueStream()
                .map(JsonNode::asText)
                .filter(why -> why.startsWith(section + ": "))
                .map(why -> why.substring(section.length() + 2))
                .toList();
    }

    boolean hasSamples() {
        return files.keySet().stream().anyMatch(path -> path.startsWith("samples/"));
    }

    SamplesPart.Reader samples(RolloutPlan plan) {
        return (name, window) -> Readings.of(
                window,
                SignalHistory.signals(plan),
                text("samples/" + name + ".csv").lines().toList());
    }

    Past past() {
        if (!has(PAST)) {
            return Past.unknown(NOTHING_KEPT);
        }
        try {
            KeptEvidence evidence = JSON.treeToValue(json(PAST), KeptEvidence.class);
            return new Past(
                    evidence == null ? KeptEvidence.NONE : evidence,
                    notRun(TimelinePart.TITLE).stream().findFirst());
        } catch (JsonProcessingException e) {
            throw new InvalidInputException(PAST + ": is no past of a rollout: " + e.getOriginalMessage());
        }
    }

    /** As an instant query gives them. */
    Optional<JsonNode> synthetics() {
        if (!has(SyntheticsPart.FILE)) {
            return Optional.empty();
        }
        ArrayNode samples = JsonNodeFactory.instance.arrayNode();
        json(SyntheticsPart.FILE).path("checks").forEach(check -> {
            ObjectNode sample = samples.addObject();
            sample.putObject("metric")
                    .put("check", check.path("check").asText())
                    .put("instance", check.path("instance").asText());
            sample.putArray("value").add(0).add(check.path("success").asBoolean() ? "1" : "0");
        });
        return Optional.of(samples);
    }

    Optional<PrometheusAlerts> alerts() {
        if (!has(AlertsPart.FILE)) {
            return Optional.empty();
        }
        JsonNode document = json(AlertsPart.FILE);
        ArrayNode groups = JsonNodeFactory.instance.arrayNode();
        document.path("rules")
                .forEach(rule -> groups.addObject()
                        .put("name", rule.path("group").asText())
                        .putArray("rules")
                        .add(rule));
        return Optional.of(new PrometheusAlerts(groups, document.path("alerts")));
    }

    LogsPart.Printed logs() {
        List<String> hooks = lines("logs/hook-").stream().toList();
        return new LogsPart.Printed(
                hooks.stream().map(path -> printed(path, "hook-", true)).toList(),
                lines("logs/limiter-").stream()
                        .map(path -> printed(path, "limiter-", false))
                        .toList(),
                lines("logs/operator-").stream()
                        .map(path -> printed(path, "operator-", false))
                        .toList(),
                notRun(LogsPart.TITLE));
    }

    private List<String> lines(String begin) {
        return files.keySet().stream()
                .filter(path -> path.startsWith(begin) && path.endsWith(LogsPart.LINES))
                .toList();
    }

    private PodLogs.Printed printed(String path, String kind, boolean texts) {
        String pod = path.substring(("logs/" + kind).length(), path.length() - LogsPart.LINES.length());
        List<String> lines = new ArrayList<>();
        text(path)
                .lines()
                .forEach(line -> lines.add(texts ? json(path, line).path("line").asText() : line));
        boolean cut = json("logs/" + LogsPart.CUT)
                .valueStream()
                .anyMatch(each -> each.asText().equals(kind + pod));
        return new PodLogs.Printed(pod, lines, cut);
    }
}
