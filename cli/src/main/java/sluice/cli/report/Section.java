package sluice.cli.report;

import static sluice.cli.report.Markup.element;

import java.util.List;
import java.util.Map;

/**
 * One part of a report, as the page shows it.
 *
 * @param notRun what could not be looked at, and why
 */
record Section(String title, Markup body, List<String> notRun) {
    private static final String NOT_RUN = "NOT_RUN";

    Section {
        notRun = List.copyOf(notRun);
    }

    static Section of(String title, Markup... body) {
        return new Section(title, Markup.all(body), List.of());
    }

    static Section notRun(String title, String why) {
        return new Section(title, Markup.NOTHING, List.of(why));
    }

    Markup markup() {
        Markup missing = Markup.all(notRun.stream()
                .map(why -> element("p", Map.of("class", "missing"), element("b", NOT_RUN), Markup.text(": " + why)))
                .toList());
        return element("section", element("h2", title), missing, body);
    }

    /** A link to a file of the report. */
    static Markup link(String path, String text) {
        return element("a", Map.of("href", path), Markup.text(text));
    }
}
