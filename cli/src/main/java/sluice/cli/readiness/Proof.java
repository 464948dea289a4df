package sluice.cli.readiness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import sluice.cli.readiness.TestReports.Tally;

/** How a point of the security statement is shown. Its end is read from the evidence each time; none is written down here. */
sealed interface Proof
        permits Proof.Tested, Proof.Ran, Proof.Requested, Proof.Attacked, Proof.Unchecked, PrometheusByTls {
    /** What somebody types to see it again. */
    String command();

    Found look(Evidence evidence);

    /**
     * What the evidence says.
     *
     * @param says figures, or why there are none
     */
    record Found(Outcome outcome, String says) {}

    /**
     * Tests.
     *
     * @param module its folder
     * @param type the full name of their class
     * @param methods their names; all of the class where there is none
     */
    record Tested(String module, String type, List<String> methods) implements Proof {
        public Tested {
            methods = List.copyOf(methods);
        }

        static Tested all(String module, String type) {
            return new Tested(module, type, List.of());
        }

        static Tested of(String module, String type, String... methods) {
            return new Tested(module, type, List.of(methods));
        }

        private String simpleName() {
            return type.substring(type.lastIndexOf('.') + 1);
        }

        @Override
        public String command() {
            return type.endsWith("E2E")
                    ? "./verify cluster (%s)".formatted(simpleName())
                    : "mvn -pl %s -am test -Dtests='**/%s.java' -Dsurefire.failIfNoSpecifiedTests=false"
                            .formatted(module, simpleName());
        }

        @Override
        public Found look(Evidence evidence) {
            Optional<TestReports> reports = TestReports.of(evidence);
            if (reports.isEmpty()) {
                return new Found(
                        Outcome.NOT_RUN,
                        simpleName() + ": " + evidence.whyMissing("tests", "there are no reports of ./verify"));
            }
            if (!reports.get().areOf(evidence.commit())) {
                return new Found(
                        Outcome.NOT_RUN, simpleName() + ": " + reports.get().whatTheyAreOf());
            }
            List<String> named = methods.isEmpty() ? List.of("") : methods;
            List<Tally> tallies =
                    named.stream().map(method -> reports.get().of(type, method)).toList();
            Outcome worst = Outcome.worst(tallies.stream().map(Tally::outcome).toList());
            Tally all = tallies.stream().reduce(Tally.NONE, Tally::plus);
            return new Found(worst, says(all));
        }

        private String says(Tally all) {
            return all.equals(Tally.NONE)
                    ? simpleName() + ": is not in the reports"
                    : String.format(
                            Locale.ROOT,
                            "%s: %d passed, %d failed, %d skipped",
                            simpleName(),
                            all.passed(),
                            all.failed(),
                            all.skipped());
        }
    }

    /**
     * A program that was run once for the package.
     *
     * @param name of its record, {@code commands/<name>.json}
     */
    record Ran(String name, String command) implements Proof {
        @Override
        public Found look(Evidence evidence) {
            return CommandRun.of(evidence, name)
                    .map(run -> new Found(run.outcome(), run.says()))
                    .orElseGet(() -> new Found(
                            Outcome.NOT_RUN, evidence.whyMissing(name, "the run has no record of %s".formatted(name))));
        }
    }

    /**
     * Requests that were sent through the WAF to the demo's service.
     *
     * @param kind which of them
     */
    record Requested(String kind) implements Proof {
        static final String FILE = "security/requests.json";

        @Override
        public String command() {
            return "e2e/readiness/requests (%s)".formatted(kind);
        }

        @Override
        public Found look(Evidence evidence) {
            List<JsonNode> sent = evidence.json(FILE).stream()
                    .flatMap(JsonNode::valueStream)
                    .filter(request -> request.path("kind").asText().equals(kind))
                    .toList();
            if (sent.isEmpty()) {
                return new Found(
                        Outcome.NOT_RUN,
                        evidence.whyMissing("requests", "no request of the kind '%s' was sent".formatted(kind)));
            }
            List<JsonNode> other = sent.stream()
                    .filter(request -> !request.path("expected")
                            .asText()
                            .equals(request.path("got").asText()))
                    .toList();
            String says = other.isEmpty()
                    ? String.format(
                            Locale.ROOT, "%d requests, each answered as expected: %s", sent.size(), expected(sent))
                    : other.stream()
                            .map(request -> "%s: %s instead of %s"
                                    .formatted(
                                            request.path("name").asText(),
                                            request.path("got").asText(),
                                            request.path("expected").asText()))
                            .collect(Collectors.joining("; "));
            return new Found(Outcome.of(other.isEmpty()), says);
        }

        private static String expected(List<JsonNode> sent) {
            return sent.stream()
                    .map(request -> request.path("expected").asText())
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(" or "));
        }
    }

    /** The attacks of the OWASP rules' own regression tests, as {@code e2e/readiness/payloads} has sent them through the WAF. */
    record Attacked() implements Proof {
        static final String FILE = "security/payloads.json";

        @Override
        public String command() {
            return "e2e/readiness/payloads";
        }

        @Override
        public Found look(Evidence evidence) {
            JsonNode sent = evidence.json(FILE).orElse(MissingNode.getInstance());
            JsonNode kinds = sent.path("kinds");
            int attacks = kinds.valueStream()
                    .mapToInt(kind -> kind.path("sent").asInt())
                    .sum();
            if (attacks == 0) {
                return new Found(Outcome.NOT_RUN, evidence.whyMissing("payloads", "no attack was sent"));
            }
            List<String> letThrough = kinds.valueStream()
                    .flatMap(kind -> kind.path("let_through").valueStream())
                    .map(JsonNode::asText)
                    .toList();
            String says = String.format(
                    Locale.ROOT,
                    "%d attacks of the OWASP rules %s in %d kinds: %s; %d not sent, in headers that nginx drops",
                    attacks,
                    sent.path("rules").asText(),
                    kinds.size(),
                    letThrough.isEmpty()
                            ? "each refused"
                            : letThrough.size() + " let through: " + Text.brief(String.join(", ", letThrough)),
                    sent.path("not_sent").size());
            return new Found(Outcome.of(letThrough.isEmpty()), says);
        }
    }

    /** What nobody has looked at. */
    record Unchecked(String why) implements Proof {
        @Override
        public String command() {
            return "";
        }

        @Override
        public Found look(Evidence evidence) {
            return new Found(Outcome.NOT_RUN, why);
        }
    }
}
