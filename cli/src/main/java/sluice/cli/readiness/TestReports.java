package sluice.cli.readiness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What became of every test of {@code ./verify}.
 *
 * @param commit of what was tested
 * @param changed whether there were changes that are in no commit
 * @param failed how many failures {@code ./verify} has counted itself; a layer that did not compile is one, and has no report
 * @param layers which of them were run
 * @param classes by their full names, then by the names of their methods
 */
record TestReports(
        String commit,
        boolean changed,
        int failed,
        List<String> layers,
        SortedMap<String, SortedMap<String, Tally>> classes) {
    static final String FILE = "tests.json";
    static final List<String> LAYERS = List.of("unit", "mock", "api", "cluster");

    TestReports {
        layers = List.copyOf(layers);
    }

    /** How often a test was run with which end; one with parameters is run several times. */
    record Tally(int passed, int failed, int skipped) {
        static final Tally NONE = new Tally(0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(passed + other.passed, failed + other.failed, skipped + other.skipped);
        }

        /** A test that was left out has shown nothing, and so have all of them together. */
        Outcome outcome() {
            if (failed > 0) {
                return Outcome.FAILED;
            }
            return passed > 0 && skipped == 0 ? Outcome.PASSED : Outcome.NOT_RUN;
        }
    }

    /** Those of the evidence. */
    static Optional<TestReports> of(Evidence evidence) {
        return evidence.json(FILE).map(TestReports::of);
    }

    private static TestReports of(JsonNode document) {
        SortedMap<String, SortedMap<String, Tally>> classes = new TreeMap<>();
        document.path("classes").properties().forEach(each -> {
            SortedMap<String, Tally> methods = new TreeMap<>();
            each.getValue().properties().forEach(method -> methods.put(method.getKey(), tally(method.getValue())));
            classes.put(each.getKey(), methods);
        });
        return new TestReports(
                document.path("commit").asText(),
                document.path("changed").asBoolean(true),
                document.path("failed").asInt(),
                document.path("layers").valueStream().map(JsonNode::asText).toList(),
                classes);
    }

    private static Tally tally(JsonNode counts) {
        return new Tally(
                counts.path("passed").asInt(),
                counts.path("failed").asInt(),
                counts.path("skipped").asInt());
    }

    /** Whether this commit was tested, and nothing but it. */
    boolean areOf(String wanted) {
        return !commit.isEmpty() && commit.equals(wanted) && !changed;
    }

    String whatTheyAreOf() {
        return "the reports of ./verify are of commit %s%s"
                .formatted(Text.commit(commit), changed ? " with changes in no commit" : "");
    }

    /** Nothing of a run of part of the tests says that all is well. */
    List<String> missingLayers() {
        return LAYERS.stream().filter(layer -> !layers.contains(layer)).toList();
    }

    Tally all() {
        return sum(classes.values().stream().flatMap(methods -> methods.values().stream()));
    }

    /** What became of a method of a class, or of all its methods where the name is empty. */
    Tally of(String type, String method) {
        Map<String, Tally> methods = classes.getOrDefault(type, new TreeMap<>());
        return method.isEmpty() ? sum(methods.values().stream()) : methods.getOrDefault(method, Tally.NONE);
    }

    private static Tally sum(Stream<Tally> tallies) {
        return tallies.reduce(Tally.NONE, Tally::plus);
    }
}
