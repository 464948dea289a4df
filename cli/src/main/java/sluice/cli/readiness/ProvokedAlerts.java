package sluice.cli.readiness;

import static sluice.cli.report.Markup.element;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sluice.cli.readiness.Proof.Found;
import sluice.cli.readiness.Proof.Tested;
import sluice.cli.report.Markup;

/** Whether the trouble that each alert is about was made in a cluster, and somebody was told of it where Slack would be. */
final class ProvokedAlerts {
    /** Of each alert, the tests that read the message about it. */
    static final SortedMap<String, Tested> TESTS = tests();

    private static final String TITLE = "Alerts, provoked in a cluster and received";
    private static final List<String> RULES =
            List.of("definitions/alerts/rules.yaml", "definitions/alerts/synthetics.yaml");
    private static final Pattern ALERT = Pattern.compile("(?m)^\\s*-\\s+alert:\\s*(\\w+)\\s*$");

    private ProvokedAlerts() {}

    private static SortedMap<String, Tested> tests() {
        SortedMap<String, Tested> tests = new TreeMap<>();
        Stream.of(
                        "SluiceTokenErrors",
                        "SluiceServerErrors",
                        "SluiceLatencyHigh",
                        "SluiceRedisDown",
                        "SluiceGuardLost",
                        "SluiceOperatorAbsent",
                        "SluiceRollbackUnfinished",
                        "SluiceWafBlocks",
                        "SluiceLimiterFallback",
                        "SluiceThrottled",
                        "SluiceSidecarsOutOfSync",
                        "SluicePodsWithoutSidecar",
                        "SluiceSidecarsNotScraped",
                        "SluiceSignalsMissing",
                        "SluiceRolloutStuck",
                        "SluiceRolloutStalled")
                .forEach(alert ->
                        tests.put(alert, scenario("AlertsE2E", "saysWhomItConcernsByHowMuchAndWhereToReadOn")));
        tests.put(
                "SluiceCertificateExpiring",
                scenario(
                        "CertificateAlertsE2E",
                        "aCertificateThatEndsInTenDaysIsWarnedOfFirst",
                        "oneThatEndsInTwoDaysWakesWhoIsOnCall"));
        tests.put("SluiceCertificatesFailing", scenario("CertificateAlertsE2E", "aSecretThatMayNotBeReadIsWarnedOf"));
        tests.put("SluiceProbeFailing", scenario("SyntheticsE2E", "whatCallersSeeWakesWhoIsOnCall"));
        tests.put("SluiceProbeMissing", scenario("SyntheticsE2E", "whatNobodyTriesIsWarnedOf"));
        return tests;
    }

    private static Tested scenario(String type, String... methods) {
        return Tested.of("e2e/scenarios", "sluice.e2e.cases." + type, methods);
    }

    /** The names in the rules that the folder has, each once. */
    static List<String> alerts(Evidence evidence) {
        return RULES.stream()
                .flatMap(path -> evidence.text(path).stream())
                .flatMap(rules -> ALERT.matcher(rules).results())
                .map((MatchResult alert) -> alert.group(1))
                .distinct()
                .sorted()
                .toList();
    }

    static Item item(Evidence evidence) {
        List<String> alerts = alerts(evidence);
        if (alerts.isEmpty() || !RULES.stream().allMatch(evidence::has)) {
            return Item.notRun(TITLE, "the rules are not all in the folder");
        }
        List<Seen> seen = alerts.stream().map(alert -> Seen.of(alert, evidence)).toList();
        List<Seen> open =
                seen.stream().filter(each -> each.outcome() != Outcome.PASSED).toList();
        return new Item(
                TITLE,
                Outcome.worst(seen.stream().map(Seen::outcome).toList()),
                String.format(
                        Locale.ROOT,
                        "%d of %d alerts fired in a cluster, and their messages came to where Slack would be",
                        seen.size() - open.size(),
                        seen.size()),
                Stream.concat(Stream.of(TestReports.FILE).filter(evidence::has), RULES.stream())
                        .toList(),
                table(open));
    }

    private record Seen(String alert, Found found) {
        static Seen of(String alert, Evidence evidence) {
            return new Seen(
                    alert,
                    Optional.ofNullable(TESTS.get(alert))
                            .map(test -> test.look(evidence))
                            .orElseGet(() -> new Found(Outcome.NOT_RUN, "no test provokes it")));
        }

        Outcome outcome() {
            return found.outcome();
        }
    }

    private static Markup table(List<Seen> open) {
        return open.isEmpty()
                ? Markup.NOTHING
                : Markup.all(
                        element("p", "Not shown of these:"),
                        Markup.table(
                                List.of("", "alert", "why"),
                                open.stream()
                                        .map(each -> List.of(
                                                Badge.of(each.outcome()),
                                                Markup.text(each.alert()),
                                                Markup.text(each.found().says())))
                                        .toList()));
    }
}
