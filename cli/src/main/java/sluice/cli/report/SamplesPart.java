package sluice.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;
import sluice.operator.reconcile.KeptEvidence;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Signal;

/** The samples of every signal around each decision and over the newest attempt, as tables and as pictures. */
final class SamplesPart {
    static final String TITLE = "Signals";
    private static final String ATTEMPT = "attempt";
    private static final String NOTHING_THERE =
            "this Prometheus has no samples of the rollout at these times; does it scrape the sidecars, and keep samples for so long?";
    private static final int SHOWN = 3;
    private static final Duration AFTER = Duration.ofMinutes(3);

    private final RolloutPlan plan;
    private final KeptEvidence evidence;
    private final RateLimitRolloutStatus status;
    private final Timeline timeline;
    private final Reader reader;

    SamplesPart(
            RolloutPlan plan, KeptEvidence evidence, RateLimitRolloutStatus status, Timeline timeline, Reader reader) {
        this.plan = plan;
        this.evidence = evidence;
        this.status = status;
        this.timeline = timeline;
        this.reader = reader;
    }

    /** Where readings come from: a Prometheus, or a table that was written before. */
    interface Reader {
        /**
         * Reads a window.
         *
         * @param name of its table
         * @throws SignalHistory.Unreadable when it cannot be
         */
        Readings read(String name, Window window) throws SignalHistory.Unreadable;
    }

    Section add(EvidenceFolder files) {
        if (timeline.entries().isEmpty()) {
            return Section.notRun(TITLE, "status has no decision yet, around which to look");
        }
        try {
            // Everything is read before anything is written: half of it would look like all of it.
            Readings attempt = reader.read(ATTEMPT, attempt());
            List<Readings> around = new ArrayList<>();
            for (Timeline.Entry entry : timeline.entries()) {
                around.add(reader.read(name(entry), window(entry.at(), entry.at())));
            }
            return pictures(attempt, around, files);
        } catch (SignalHistory.Unreadable e) {
            return Section.notRun(TITLE, String.valueOf(e.getMessage()));
        }
    }

    private Section pictures(Readings attempt, List<Readings> around, EvidenceFolder files) {
        List<Markup> links = new ArrayList<>();
        List<Markup> shown = new ArrayList<>();
        shown.add(figure(
                add(files, ATTEMPT, "The newest attempt", attempt),
                ATTEMPT,
                "The newest attempt, from before its first decision to after its last."));
        for (Timeline.Entry entry : timeline.entries()) {
            String name = name(entry);
            String title = String.format(
                    Locale.ROOT,
                    "%d: %s at %s",
                    entry.number(),
                    entry.decision().name(),
                    entry.at());
            Markup picture = add(files, name, title, around.get(entry.number() - 1));
            links.add(links(name, title));
            if (shown().contains(entry)) {
                shown.add(figure(picture, name, title + ": the time that broke the rule is shaded."));
            }
        }
        Markup all = Markup.element(
                "details", Markup.element("summary", "Around each decision"), Markup.element("ul", Markup.all(links)));
        shown.add(all);
        return attempt.isEmpty() && around.stream().allMatch(Readings::isEmpty)
                ? new Section(TITLE, all, List.of(NOTHING_THERE))
                : Section.of(TITLE, shown.toArray(Markup[]::new));
    }

    /** The newest rollbacks. */
    private List<Timeline.Entry> shown() {
        List<Timeline.Entry> rollbacks =
                timeline.entries().stream().filter(each -> each.is("RollBack")).toList();
        return rollbacks.subList(Math.max(0, rollbacks.size() - SHOWN), rollbacks.size());
    }

    private static String name(Timeline.Entry entry) {
        return String.format(
                Locale.ROOT,
                "%02d-%s",
                entry.number(),
                word(String.valueOf(entry.decision().name())));
    }

    /** A name in letters only, whatever status calls it. */
    private static String word(String name) {
        String letters = name.replaceAll("[^A-Za-z]", "");
        return letters.isEmpty() ? "Decision" : letters.substring(0, Math.min(letters.length(), 20));
    }

    private Window attempt() {
        List<Timeline.Entry> attempt = timeline.attempt();
        return window(attempt.getFirst().at(), attempt.getLast().at());
    }

    private Window window(Instant first, Instant last) {
        Instant end = last.plus(AFTER);
        Instant known = timeline.asOf().filter(end::isAfter).orElse(end);
        return Window.of(
                first.minus(SignalHistory.before(plan)), known, plan.stopLoss().interval());
    }

    private Markup add(EvidenceFolder files, String name, String title, Readings readings) {
        List<Signal> signals = SignalHistory.signals(plan);
        files.folder("samples").addTable(name + ".csv", readings.rows(signals));
        Markup picture = new Chart(
                        title,
                        readings.window(),
                        new SignalPanels(plan, status, timeline).of(readings),
                        // What happened at the same time must not hide that it went back.
                        timeline.entries().stream()
                                .sorted(Comparator.comparing(entry -> entry.is("RollBack")))
                                .map(entry -> new Chart.Mark(
                                        entry.at(), String.valueOf(entry.number()), SignalPanels.colour(entry)))
                                .toList(),
                        breaches(readings.window()))
                .svg();
        files.folder("charts").add(name + ".svg", picture);
        return picture;
    }

    private List<Chart.Span> breaches(Window window) {
        return evidence.rollbacks().stream()
                .map(past -> breach(Optional.ofNullable(past.rollback())))
                .flatMap(Optional::stream)
                .filter(span -> span.to().isAfter(window.from()) && span.from().isBefore(window.to()))
                .toList();
    }

    private static Optional<Chart.Span> breach(Optional<RollbackStatus> rollback) {
        Optional<Instant> from =
                rollback.map(RollbackStatus::firstBreachingSample).flatMap(Timeline::time);
        Optional<Instant> to = rollback.map(RollbackStatus::decidedAt).flatMap(Timeline::time);
        return from.flatMap(begin -> to.map(end -> new Chart.Span(begin, end, SignalPanels.RED)))
                .filter(span -> span.from().isBefore(span.to()));
    }

    private static Markup figure(Markup picture, String name, String caption) {
        return Markup.element("figure", picture, Markup.element("figcaption", Markup.text(caption + " "), files(name)));
    }

    private static Markup links(String name, String title) {
        return Markup.element("li", Markup.text(title + " "), files(name));
    }

    private static Markup files(String name) {
        return Markup.element(
                "span",
                Map.of("class", "files"),
                Section.link("charts/" + name + ".svg", "picture"),
                Markup.text(" "),
                Section.link("samples/" + name + ".csv", "samples"));
    }

    /** A part that nothing can be looked at for. */
    static Section without(String why) {
        return Section.notRun(TITLE, why);
    }
}
