package sluice.cli.report;

import static sluice.cli.report.Markup.element;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.cli.InvalidInputException;
import sluice.cli.RolloutFile;
import sluice.cli.RolloutView;
import sluice.cli.cluster.Past;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;
import sluice.operator.rollout.RolloutPlan;

/** Everything that can be said of one rollout. */
final class RolloutReport {
    private static final String OWN = "sluice.dev/";
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode resource;
    private final RolloutView rollout;
    private final Sources sources;
    private final Optional<KeptReport> kept;
    private final Optional<Past> past;
    private final Optional<Timeline> timeline;
    private final Optional<LimitersPart> limiters;

    RolloutReport(JsonNode resource, Sources sources) {
        this(resource, sources, Optional.empty());
    }

    /** The same once more, from what a report has kept. */
    RolloutReport(JsonNode resource, KeptReport kept) {
        this(resource, new Sources(Optional.empty(), Optional.empty(), _ -> kept.past(), ""), Optional.of(kept));
    }

    private RolloutReport(JsonNode resource, Sources sources, Optional<KeptReport> kept) {
        this.resource = resource;
        this.kept = kept;
        this.rollout = RolloutView.of(resource);
        this.sources = sources;
        this.past = rollout.status()
                .map(status -> sources.past().apply(rollout.name()).with(status));
        this.timeline = rollout.status()
                .map(status -> Timeline.of(status, past.orElseThrow().evidence().decisions()));
        this.limiters = rollout.status()
                .map(status -> new LimitersPart(status, past.orElseThrow().evidence()));
    }

    /** A report as it was made: where it is, how the rollout is, what is missing. */
    record Made(String rollout, Verdict verdict, List<String> notRun) {}

    Made add(EvidenceFolder files) {
        files.add("resource.json", cleaned());
        Verdict verdict = Verdict.of(rollout, timeline);
        List<Section> sections = sections(files);
        List<Markup> body = new ArrayList<>();
        body.add(element("p", Map.of("class", "about"), Markup.text(about())));
        body.add(verdict.markup());
        sections.forEach(section -> body.add(section.markup()));
        body.add(element(
                "p",
                Map.of("class", "about"),
                Markup.text("The resource and its status: "),
                Section.link("resource.json", "resource.json"),
                Markup.text(". manifest.json at the top of the folder has the SHA-256 of every file.")));
        files.add("index.html", Page.of(rollout.key(), body));
        return new Made(
                rollout.key(),
                verdict,
                sections.stream()
                        .flatMap(section -> section.notRun().stream().map(why -> section.title() + ": " + why))
                        .toList());
    }

    private String about() {
        return rollout.key()
                + timeline.flatMap(Timeline::asOf)
                        .map(at -> ", as its status was at " + at)
                        .orElse("");
    }

    private List<Section> sections(EvidenceFolder files) {
        List<Section> sections = new ArrayList<>();
        rollout.status().ifPresent(status -> addPast(status, files, sections));
        sections.add(definitions(files));
        sections.add(logs(files));
        sections.add(alerts(files));
        sections.add(synthetics(files));
        limiters.ifPresent(part -> sections.add(part.add(files)));
        return sections;
    }

    private void addPast(RateLimitRolloutStatus status, EvidenceFolder files, List<Section> sections) {
        Timeline decisions = timeline.orElseThrow();
        Past known = past.orElseThrow();
        files.add(KeptReport.PAST, JSON.<JsonNode>valueToTree(known.evidence()));
        sections.add(TimelinePart.add(status, known, decisions, files));
        sections.addAll(limiters.orElseThrow().addRollbacks(files));
        sections.add(signals(status, decisions, files));
        SnapshotsPart.add(status, files).ifPresent(sections::add);
    }

    private Section signals(RateLimitRolloutStatus status, Timeline decisions, EvidenceFolder files) {
        if (kept.isPresent() && !kept.get().hasSamples()) {
            return kept.get().nothing(SamplesPart.TITLE);
        }
        if (kept.isEmpty() && sources.prometheus().isEmpty()) {
            return SamplesPart.without(Sources.NO_PROMETHEUS);
        }
        try {
            var plan = RolloutFile.plan(rollout.key(), resource);
            if (kept.isPresent()) {
                return samples(plan, status, decisions, kept.get().samples(plan))
                        .add(files);
            }
            var history =
                    new SignalHistory(sources.prometheus().get(), plan, rollout.namespace(), rollout.name(), decisions);
            return samples(plan, status, decisions, (_, window) -> history.read(window))
                    .add(files);
        } catch (InvalidInputException e) {
            if (kept.isPresent()) {
                // There were samples, so it could be read: it is they that cannot.
                throw e;
            }
            return SamplesPart.without("the resource cannot be read: " + e.getMessage());
        }
    }

    private SamplesPart samples(
            RolloutPlan plan, RateLimitRolloutStatus status, Timeline decisions, SamplesPart.Reader reader) {
        return new SamplesPart(plan, past.orElseThrow().evidence(), status, decisions, reader);
    }

    private Section definitions(EvidenceFolder files) {
        try {
            return DefinitionsPart.add(RolloutFile.spec(rollout.key(), resource), rollout.status(), files);
        } catch (InvalidInputException e) {
            return Section.notRun("Definitions", "the resource cannot be read: " + e.getMessage());
        }
    }

    private Section alerts(EvidenceFolder files) {
        AlertsPart part = new AlertsPart(rollout.namespace(), rollout.name(), sources.operatorNamespace());
        return kept.map(before -> before.alerts()
                        .map(read -> part.add(read, files))
                        .orElseGet(() -> before.nothing(AlertsPart.TITLE)))
                .orElseGet(() -> sources.now(AlertsPart.TITLE, PrometheusAlerts::read, read -> part.add(read, files)));
    }

    private Section synthetics(EvidenceFolder files) {
        return kept.map(before -> before.synthetics()
                        .map(read -> SyntheticsPart.add(read, files))
                        .orElseGet(() -> before.nothing(SyntheticsPart.TITLE)))
                .orElseGet(() -> sources.now(
                        SyntheticsPart.TITLE, SyntheticsPart::read, read -> SyntheticsPart.add(read, files)));
    }

    private Section logs(EvidenceFolder files) {
        if (kept.isEmpty() && sources.logs().isEmpty()) {
            return LogsPart.without("the resource was read from a file, not from a cluster");
        }
        return around().map(at -> logs(new LogsPart(rollout.namespace(), rollout.name(), at), files))
                .orElseGet(() -> LogsPart.without("status has no decision yet, around which to look"));
    }

    private Section logs(LogsPart part, EvidenceFolder files) {
        return part.add(
                kept.map(KeptReport::logs)
                        .orElseGet(() -> part.read(sources.logs().orElseThrow(), sources.operatorNamespace())),
                files);
    }

    private Optional<Instant> around() {
        return rollout.status()
                .map(RateLimitRolloutStatus::lastRollback)
                .map(RollbackStatus::decidedAt)
                .flatMap(Timeline::time)
                .or(() -> timeline.map(Timeline::entries)
                        .filter(entries -> !entries.isEmpty())
                        .map(entries -> entries.getLast().at()));
    }

    /** Without what only the API server needs, and without other people's annotations, which may hold anything. */
    private JsonNode cleaned() {
        ObjectNode clean = resource.deepCopy();
        if (clean.path("metadata") instanceof ObjectNode meta) {
            meta.remove("managedFields");
            if (meta.path("annotations") instanceof ObjectNode annotations) {
                List<String> others = new ArrayList<>();
                annotations.fieldNames().forEachRemaining(others::add);
                others.removeIf(name -> name.startsWith(OWN));
                annotations.remove(others);
            }
        }
        return clean;
    }
}
