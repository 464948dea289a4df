package sluice.cli.readiness;

import static sluice.cli.report.Markup.element;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sluice.cli.readiness.TestReports.Tally;
import sluice.cli.report.Markup;

/** What {@code ./verify} has said of this commit. */
final class TestsItem {
    private static final String TITLE = "Every test";

    private TestsItem() {}

    static Item of(Evidence evidence) {
        Optional<TestReports> found = TestReports.of(evidence);
        if (found.isEmpty()) {
            return Item.notRun(TITLE, evidence.whyMissing("tests", "there are no reports of ./verify"));
        }
        TestReports reports = found.get();
        if (!reports.areOf(evidence.commit())) {
            return Item.notRun(TITLE, reports.whatTheyAreOf());
        }
        Tally all = reports.all();
        if (!reports.missingLayers().isEmpty() && reports.failed() == 0) {
            return Item.notRun(TITLE, "./verify has not run: " + String.join(", ", reports.missingLayers()));
        }
        return new Item(
                TITLE,
                reports.failed() > 0 ? Outcome.FAILED : all.outcome(),
                String.format(
                        Locale.ROOT,
                        "%d passed, %d failed, %d skipped in %d classes",
                        all.passed(),
                        all.failed(),
                        all.skipped(),
                        reports.classes().size()),
                List.of(TestReports.FILE),
                failures(reports));
    }

    private static Markup failures(TestReports reports) {
        List<Markup> names = reports.classes().entrySet().stream()
                .flatMap(type -> type.getValue().entrySet().stream()
                        .filter(method -> method.getValue().failed() > 0)
                        .map(method -> element("li", type.getKey() + "." + method.getKey())))
                .toList();
        return names.isEmpty() ? Markup.NOTHING : element("ul", Markup.all(names));
    }
}
