package sluice.cli.readiness;

import static sluice.cli.report.Markup.element;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sluice.cli.report.Markup;

/** index.html: the verdict, each item with its figure and where to look it up, then the little that is worth seeing of each. */
final class ReadinessPage {
    static final String FILE = "index.html";

    private final Evidence evidence;
    private final List<Item> items;

    ReadinessPage(Evidence evidence, List<Item> items) {
        this.evidence = evidence;
        this.items = List.copyOf(items);
    }

    Outcome outcome() {
        return Outcome.worst(items.stream().map(Item::outcome).toList());
    }

    List<Item> failed() {
        return items.stream().filter(item -> item.outcome() == Outcome.FAILED).toList();
    }

    String headline() {
        return switch (outcome()) {
            case PASSED -> String.format(Locale.ROOT, "Ready: all %d items are shown", items.size());
            case FAILED ->
                String.format(Locale.ROOT, "Not ready: %d of %d items failed", count(Outcome.FAILED), items.size());
            case NOT_RUN ->
                String.format(
                        Locale.ROOT,
                        "Not shown yet: %d of %d items were NOT_RUN",
                        count(Outcome.NOT_RUN),
                        items.size());
        };
    }

    private long count(Outcome outcome) {
        return items.stream().filter(item -> item.outcome() == outcome).count();
    }

    Markup markup() {
        List<Markup> body = new ArrayList<>();
        body.add(verdict());
        body.add(Markup.table(
                List.of("", "item", "figure, or why there is none", "evidence"),
                items.stream().map(ReadinessPage::row).toList()));
        items.stream().filter(item -> item.more() != Markup.NOTHING).forEach(item -> body.add(section(item)));
        body.add(
                element(
                        "p",
                        Map.of("class", "about"),
                        Markup.text(
                                "Everything here was written from files in this folder by kubectl-rlr readiness. manifest.json has the SHA-256 of "
                                        + "each; e2e/readiness/check says whether a file was changed, or comes from another generator.")));
        return Sheet.of("Readiness of Sluice", body);
    }

    private Markup verdict() {
        return element(
                "div",
                Map.of("class", "verdict " + outcome().tone()),
                element("h1", headline()),
                element(
                        "p",
                        String.format(
                                Locale.ROOT,
                                "%d passed, %d failed, %d NOT_RUN.",
                                count(Outcome.PASSED),
                                count(Outcome.FAILED),
                                count(Outcome.NOT_RUN))),
                element("p", Map.of("class", "about"), Markup.text(stamp())));
    }

    private String stamp() {
        return "Commit %s, %s, %s at %s requests a second."
                .formatted(
                        Text.commit(evidence.commit()),
                        said("finishedAt", "at no known time"),
                        said("command", "by no known command"),
                        said("rate", "an unknown number of"));
    }

    private String said(String field, String otherwise) {
        return evidence.run().path(field).asText(otherwise);
    }

    private static List<Markup> row(Item item) {
        return List.of(
                Badge.of(item.outcome()),
                Markup.text(item.title()),
                Markup.text(item.figure()),
                Markup.all(item.files().stream().map(Sheet::link).toList()));
    }

    private static Markup section(Item item) {
        return element("section", element("h2", item.title()), item.more());
    }
}
