package sluice.cli.readiness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Of which commits the parts of a package are. */
final class CommitItems {
    private final Evidence evidence;

    CommitItems(Evidence evidence) {
        this.evidence = evidence;
    }

    List<Item> all() {
        return List.of(run(), measuredBefore());
    }

    /** The demonstration, the tests, and what the repository has given: these can be of one commit, and are to be. */
    private Item run() {
        String title = "The run, its tests, definitions and runbook are of one commit";
        if (evidence.commit().isEmpty()) {
            return Item.notRun(title, "run.json does not say which");
        }
        boolean changed = evidence.run().path("changed").asBoolean(true);
        List<String> others = others();
        List<String> said = new ArrayList<>();
        said.add(Text.commit(evidence.commit()) + (changed ? ", with changes in no commit" : ""));
        said.addAll(others);
        said.add(String.format(Locale.ROOT, "the pages are of generator %d", ReadinessPackage.GENERATOR));
        Outcome outcome = others.isEmpty() ? Outcome.PASSED : Outcome.NOT_RUN;
        return new Item(
                title,
                changed ? Outcome.FAILED : outcome,
                String.join("; ", said),
                List.of("run.json", Copies.INSTALLED));
    }

    private List<String> others() {
        List<String> others = new ArrayList<>();
        Optional<TestReports> tests = TestReports.of(evidence);
        if (tests.isEmpty()) {
            others.add(evidence.whyMissing("tests", "there are no reports of ./verify"));
        } else if (!tests.get().areOf(evidence.commit())) {
            others.add(tests.get().whatTheyAreOf());
        }
        List<String> changed = Copies.changed(evidence);
        if (!changed.isEmpty()) {
            others.add("of another version than the run's: " + String.join(", ", changed));
        }
        return others;
    }

    /** What takes hours is measured when its part has changed; only the soak is judged here. */
    private Item measuredBefore() {
        String title = "Of bench's measurements, which are of their own commits, the soak is of this sidecar";
        List<String> commits = commits();
        if (commits.isEmpty()) {
            return Item.notRun(title, evidence.whyMissing("soak", "bench/results was not in the run"));
        }
        Outcome outcome = Soak.isOfTheRun(evidence) ? Outcome.PASSED : Outcome.NOT_RUN;
        return new Item(title, outcome, String.join(", ", commits), List.of(Soak.FILE));
    }

    private List<String> commits() {
        return evidence.json(Soak.FILE).stream()
                .flatMap(document -> document.path("measurements").properties().stream())
                .map(each -> "%s %s"
                        .formatted(
                                Text.brief(each.getKey()),
                                Text.commit(each.getValue().path("commit").asText())))
                .toList();
    }
}
