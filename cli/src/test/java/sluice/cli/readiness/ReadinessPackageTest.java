package sluice.cli.readiness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.cli.InvalidInputException;

/** The verdict is never better than the worst of what a run has left, and says why. */
class ReadinessPackageTest {

    private static String page(Fixture run) {
        return new String(run.made().files().get(ReadinessPage.FILE), UTF_8);
    }

    /** The rows of the page's first table, without its last column, which has the links. */
    private static List<String> items(Fixture run) {
        String page = page(run);
        String table = page.substring(page.indexOf("<tbody>"), page.indexOf("</tbody>"));
        return Pattern.compile("<tr>(.*?)</tr>", Pattern.DOTALL)
                .matcher(table)
                .results()
                .map(row -> Pattern.compile("<td>(.*?)</td>", Pattern.DOTALL)
                        .matcher(row.group(1))
                        .results()
                        .limit(3)
                        .map(cell -> cell.group(1).replaceAll("<[^>]*>", ""))
                        .collect(Collectors.joining(" | ")))
                .toList();
    }

    /** The point of the security statement that nobody can look at holds the verdict back. */
    @Test
    void saysOfARunThatWentWellWhatNobodyLookedAt() {
        Fixture run = Fixture.allWell();

        assertThat(run.made().headline()).isEqualTo("Not shown yet: 1 of 19 items were NOT_RUN");
        assertThat(page(run))
                .contains(
                        "Commit 0123456789ab, 2026-01-01T12:20:00Z, ./demo --report at 80 requests a second.",
                        "4 of 4; the slowest sidecar after 161 ms",
                        "0 of 8390 requests failed; share of callers: 11% at weight 10",
                        "a closed machine cannot fetch a database of vulnerabilities")
                .doesNotContain("FAILED");
    }

    /** The first table as it is read: each item with its end and its figure. */
    @Test
    void hasAllThatThePackageMustHave() {
        assertThat(String.join("\n", items(Fixture.allWell())) + "\n").isEqualTo("""
                PASSED | The demonstration, by its own word | went as promised
                PASSED | A good limiter reaches everybody, and nobody notices | 0 of 8390 requests failed; share of callers: 11%% at weight 10
                PASSED | Every stop-loss rule brings a bad one back | 4 of 4; the slowest sidecar after 161 ms
                PASSED | Redis may die | 0 requests failed, 485 were decided in memory
                PASSED | The smoke suite, after the deployment and after a rollback | 13 of 13 passed, then 13 of 13 passed
                PASSED | Load at ten times the demo&#39;s rate | 22 of 22 bounds are kept
                PASSED | Every test | %d passed, 0 failed, 0 skipped in %d classes
                NOT_RUN | Security | %d of %d points hold, 0 failed, 2 NOT_RUN
                PASSED | Dashboards, drawn from the run&#39;s own figures | 6; 0 queries had nothing to show
                PASSED | Alerts fire when they should, and only then | promtool ended with 0: SUCCESS
                PASSED | Alerts go where they should | amtool ended with 0: SUCCESS
                PASSED | Alerts, provoked in a cluster and received | 20 of 20 alerts fired in a cluster, and their messages came to where Slack would be
                PASSED | Checks from outside | 4 of 4 succeed
                PASSED | The run, its tests, definitions and runbook are of one commit | 0123456789ab; the pages are of generator %d
                PASSED | Of bench&#39;s measurements, which are of their own commits, the soak is of this sidecar | soak 0123456789ab
                PASSED | The rollout&#39;s own report | it ended as Promoted
                PASSED | Snapshots | 1 are kept in status, 1 were sent
                PASSED | Definitions of all that was installed | 9 files
                PASSED | The on-call runbook | what to do about each alert
                """.formatted(
                        reports().all().passed(),
                        reports().classes().size(),
                        SecurityChecks.ALL.size() - 2,
                        SecurityChecks.ALL.size(),
                        ReadinessPackage.GENERATOR));
        assertThat(Fixture.allWell().made().files().keySet()).containsAll(ReadinessPackage.PAGES);
    }

    private static TestReports reports() {
        return TestReports.of(Fixture.allWell().evidence()).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "demo.json, the demonstration has left no result",
        "story.txt, the story does not say how it ended",
        "smoke/after-rollback.txt, its own lines are not all there",
        "tests.json, there are no reports of ./verify",
        "synthetics/results.json, no check was tried",
        "pictures/samples/sluice-waf.json, not drawn: sluice-waf",
        "commands/promtool.json, promtool was not run",
        "commands/gitleaks.json, the run has no record of gitleaks",
        "commands/injection.json, the run has no record of injection",
        "security/payloads.json, no attack was sent",
        "commands/images.json, the run has no record of images",
        "rollout/resource.json, kubectl rlr report was not run",
        "notifications/told.json, nobody listened where Slack would be",
        "definitions/rollout.yaml, missing: definitions/rollout.yaml",
        "ONCALL_RUNBOOK.md, it is not in the folder",
        "load/burst.json, this load was not sent",
        "load/without.json, the same load was not sent without a sidecar",
        "load/bench.json, bench/results has no soak: run bench/run --minutes 20 soak",
        "run.json, run.json does not say which"
    })
    void sayNotRunAndWhyOfWhatIsMissing(String path, String why) {
        Fixture run = Fixture.allWell().without(path);

        assertThat(run.made().outcome()).isNotEqualTo(Outcome.PASSED);
        assertThat(page(run)).contains(why);
    }

    @Test
    void saysWhyInTheWordsOfTheRun() {
        Fixture run = Fixture.allWell()
                .without(MonitoringItems.SYNTHETICS)
                .missing("synthetics", "the exporter is not installed");

        assertThat(items(run)).anyMatch(line -> line.contains("the exporter is not installed"));
    }

    @Test
    void aSmokeSuiteThatRanOnceHasNotShownBoth() {
        Fixture run = Fixture.allWell().with("story.txt", "the smoke suite has run as a hook: 13 of 13 passed\n");

        assertThat(items(run)).anyMatch(line -> line.startsWith("NOT_RUN | The smoke suite"));
    }

    static Map<String, String> failures() {
        Map<String, String> failures = new TreeMap<>();
        failures.put("story.txt", "the smoke suite has run as a hook: 12 of 13 passed\n");
        failures.put("demo.json", """
                {"promotion": {"failedRequests": 1, "totalRequests": 10, "steps": []}, "rollbacks": []}""");
        failures.put("run.json", """
                {"commit": "%s", "changed": true, "rate": 80, "exit": 0}""".formatted(Fixture.COMMIT));
        failures.put("synthetics/results.json", """
                [{"check": "public-health", "success": true}, {"check": "auth-required", "success": false}]""");
        failures.put(PaperItems.TOLD, Fixture.told("nothing was seen"));
        failures.put(PaperItems.RESOURCE, Fixture.resource("RolledBack"));
        failures.put("security/requests.json", """
                [{"kind": "SQL injection", "name": "union", "expected": "403", "got": "200"}]""");
        failures.put("security/payloads.json", Fixture.attacked("\"941100-1\""));
        failures.put("commands/injection.json", "{\"command\": \"injection\", \"exit\": 1}");
        failures.put("commands/promtool.json", "{\"command\": \"promtool\", \"exit\": 1}");
        failures.put("load/burst.json", "{\"rate\": 800, \"requests\": 10, \"failed\": 1, \"p95_ms\": 1}");
        return failures;
    }

    @Test
    void saysHowManyAttacksWereRefusedAndWhichWereNot() {
        assertThat(statement(Fixture.allWell()))
                .contains("100 attacks of the OWASP rules 3.3.4 in 2 kinds: each refused; 1 not sent");
        assertThat(statement(
                        Fixture.allWell().with(Proof.Attacked.FILE, Fixture.attacked("\"941100-1\", \"941100-2\""))))
                .contains("in 2 kinds: 2 let through: 941100-1, 941100-2; 1 not sent");
    }

    private static String statement(Fixture run) {
        return new String(run.made().files().get(SecurityStatement.FILE), UTF_8);
    }

    @Test
    void isNotReadyWhenOneOfThemFailed() {
        failures()
                .forEach((path, text) -> assertThat(
                                Fixture.allWell().with(path, text).made().headline())
                        .as(path)
                        .startsWith("Not ready: 1 of 19 items failed"));
    }

    @Test
    void takesWhatTheRolloutsReportCouldNotLookAtForNotShown() {
        Fixture run = Fixture.allWell()
                .with(PaperItems.ROLLOUT_MANIFEST, "{\"notRun\": [\"Logs: sidecars: gone\"]}")
                .without("rollout/alerts.json");

        assertThat(items(run))
                .contains(
                        "NOT_RUN | The rollout&#39;s own report | it ended as Promoted; NOT_RUN Logs: sidecars: gone; NOT_RUN Alerts: the report has kept nothing of it");
    }

    @Test
    void saysWhichDefinitionsAreOthersNowThanTheRunHad() {
        Fixture run = Fixture.allWell().with("definitions/crd.yaml", "kind: Older\n");
        SortedMap<String, byte[]> files = run.made().files();

        assertThat(files.get("definitions/crd.yaml")).isEqualTo(Copies.OURS.get("definitions/crd.yaml"));
        assertThat(items(run))
                .contains(
                        "NOT_RUN | Definitions, as this version has them: not all are what was installed | 9 files; the run had others: definitions/crd.yaml",
                        "NOT_RUN | The run, its tests, definitions and runbook are of one commit | 0123456789ab; "
                                + "of another version than the run&#39;s: definitions/crd.yaml; the pages are of generator "
                                + ReadinessPackage.GENERATOR);
        assertThat(inHex(new ReadinessPackage(new Evidence(files)).files())).isEqualTo(inHex(files));
    }

    @Test
    void doesNotTakeTestsOfAnotherCommitForItsOwn() {
        Fixture run =
                Fixture.allWell().with(TestReports.FILE, "{\"commit\": \"ffff\", \"changed\": false, \"classes\": {}}");

        assertThat(items(run))
                .anyMatch(line -> line.startsWith("NOT_RUN | Every test | the reports of ./verify are of commit ffff"))
                .anyMatch(line ->
                        line.startsWith("NOT_RUN | The run, its tests, definitions and runbook are of one commit | "
                                + "0123456789ab; the reports of ./verify are of commit ffff"));
        assertThat(statement(run)).contains("SecretsE2E: the reports of ./verify are of commit ffff");
    }

    @Test
    void doesNotTakeTestsOfWhatIsInNoCommit() {
        Fixture run = Fixture.allWell();
        String changed =
                run.evidence().text(TestReports.FILE).orElseThrow().replace("\"changed\": false", "\"changed\": true");

        assertThat(statement(run.with(TestReports.FILE, changed)))
                .contains("SecretsE2E: the reports of ./verify are of commit 0123456789ab with changes in no commit");
    }

    @Test
    void saysOfWhichCommitsWhatWasMeasuredBeforeIs() {
        Fixture run = Fixture.allWell().with(Soak.FILE, """
                {"measurements": {"image": {"commit": "7412a69bc3ce"}, "soak": {"commit": "ca06a9252e41", "sidecar": "older", "minutes": 20}}}""");

        assertThat(items(run))
                .contains(
                        "NOT_RUN | Of bench&#39;s measurements, which are of their own commits, the soak is of this sidecar | image 7412a69bc3ce, soak ca06a9252e41");
    }

    @Test
    void namesTheAlertsThatNobodyWasShownToBeToldOf() {
        String failed = Fixture.allWell()
                .evidence()
                .text(TestReports.FILE)
                .orElseThrow()
                .replace(
                        "\"whatNobodyTriesIsWarnedOf\": {\"passed\": 1, \"failed\": 0",
                        "\"whatNobodyTriesIsWarnedOf\": {\"passed\": 0, \"failed\": 1")
                .replace("\"whatCallersSeeWakesWhoIsOnCall\": {\"passed\": 1", "\"another\": {\"passed\": 1");
        Fixture run = Fixture.allWell().with(TestReports.FILE, failed);

        assertThat(items(run))
                .anyMatch(line ->
                        line.startsWith("FAILED | Alerts, provoked in a cluster and received | 18 of 20 alerts fired"));
        assertThat(page(run))
                .contains(
                        "<td>SluiceProbeMissing</td>\n<td>SyntheticsE2E: 0 passed, 1 failed, 0 skipped</td>",
                        "<td>SluiceProbeFailing</td>\n<td>SyntheticsE2E: is not in the reports</td>");
    }

    @Test
    void listsTheAlertsThatWereOnWithWhatTheRunSentThen() {
        String pending = """
                {"rules": [{"name": "SluiceTokenErrors", "group": "sluice-services", "query": "sluice_auth"}], "alerts": [{"activeAt": "2026-01-01T12:12:30.5Z",
                 "annotations": {"summary": "19% of requests have a token that is missing"}, "labels": {"alertname": "SluiceTokenErrors", "severity": "critical"},
                 "state": "pending"}]}""";
        Fixture run = Fixture.allWell().with(AlertsThatWereOn.FILE, pending);

        assertThat(items(run))
                .contains(
                        "PASSED | The rollout&#39;s own report | it ended as Promoted; alerts that were on: SluiceTokenErrors pending");
        assertThat(page(run))
                .contains(
                        "<td>critical</td>\n<td>pending</td>\n<td>2026-01-01T12:12:30.5Z</td>",
                        "the run has not kept what it sent then");
        assertThat(page(run.with(SentMeanwhile.FILE, """
                {"name": "story", "from": "2026-01-01T12:01:00Z", "to": "2026-01-01T12:10:00Z"}
                {"name": "traffic", "from": "2026-01-01T12:10:00Z", "to": "2026-01-01T12:10:01Z"}
                {"name": "requests", "from": "2026-01-01T12:11:40Z", "to": "2026-01-01T12:11:50Z"}
                {"name": "traffic", "from": "2026-01-01T12:13:00Z", "to": "2026-01-01T12:13:01Z"}
                {"name": "probes", "from": "2026-01-01T12:14:00Z", "to": "2026-01-01T12:15:00Z"}
                """)))
                .contains(
                        "<td>the demo&#39;s load once more; requests that are to be refused, without a token among them (security/requests.json)</td>");
    }

    @Test
    void saysWhyTheSamplesOfAWindowSpanLessThanIt() {
        assertThat(page(Fixture.allWell()))
                .contains("it has five samples, and from the first to the last of them it is 8 s");
    }

    @Test
    void saysHowTheRunsPrometheusWasAsked() {
        assertThat(statement(Fixture.allWell())).contains("NOT_RUN no test and no request looks at this");
        assertThat(statement(Fixture.allWell().with("definitions/chart.yaml", """
                prometheus:
                  providers:
                    default:
                      scrapeInterval: 1s
                      url: http://prometheus.monitoring.svc:9090
                """)))
                .contains("the run's Prometheus was asked by plain HTTP, without TLS, and no test");
    }

    /** The folder is handed on without the repository. */
    @Test
    void hasARunbookWhoseLinksLeadToWhatIsThere() {
        Map<String, byte[]> files = Fixture.allWell().made().files();
        String runbook = new String(files.get(PaperItems.RUNBOOK), UTF_8);

        assertThat(runbook).contains("(definitions/alerts/rules.yaml)", "hooks.md (`docs/hooks.md`)");
        Pattern.compile("]\\((?!#)([^)#]*)")
                .matcher(runbook)
                .results()
                .forEach(link -> assertThat(files).containsKey(link.group(1)));
    }

    @Test
    void failsDashboardsThatHaveNothingToShow() {
        Fixture run = Fixture.allWell().with(MonitoringItems.samples("sluice-limiter"), Fixture.NO_SAMPLES);

        assertThat(items(run)).anyMatch(line -> line.startsWith("FAILED | Dashboards"));
    }

    @Test
    void doesNotTakeTheTestsOfSomeLayersForAll() {
        String some = Fixture.allWell()
                .evidence()
                .text(TestReports.FILE)
                .orElseThrow()
                .replace(", \"cluster\"", "");

        assertThat(items(Fixture.allWell().with(TestReports.FILE, some)))
                .contains("NOT_RUN | Every test | ./verify has not run: cluster");
        assertThat(Fixture.allWell()
                        .with(TestReports.FILE, some.replace("\"failed\": 0, \"layers\"", "\"failed\": 1, \"layers\""))
                        .made()
                        .outcome())
                .isEqualTo(Outcome.FAILED);
    }

    @Test
    void givesTheSameBytesForTheSameEvidence() {
        SortedMap<String, byte[]> first = Fixture.allWell().made().files();

        assertThat(inHex(Fixture.allWell().made().files())).isEqualTo(inHex(first));
        assertThat(inHex(new ReadinessPackage(new Evidence(first)).files())).isEqualTo(inHex(first));
    }

    /** Whoever has the folder may have it written again on a machine that has other digits. */
    @Test
    void givesTheSameBytesWhateverTheLanguageOfTheMachine() {
        Evidence run = Fixture.allWell().evidence();
        Map<String, String> written = inHex(new ReadinessPackage(run).files());
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat("%d".formatted(written.size())).doesNotContainPattern("[0-9]");
            assertThat(inHex(new ReadinessPackage(run).files())).isEqualTo(written);
        } finally {
            Locale.setDefault(before);
        }
    }

    private static Map<String, String> inHex(Map<String, byte[]> files) {
        return files.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, file -> HexFormat.of().formatHex(file.getValue())));
    }

    @Test
    void namesTheHashOfEveryFile() throws IOException {
        Map<String, byte[]> files = Fixture.allWell().made().files();
        var manifest = new JsonMapper().readTree(files.get("manifest.json"));

        assertThat(manifest.path("files").findValuesAsText("path"))
                .containsExactlyElementsOf(files.keySet().stream()
                        .filter(path -> !path.equals("manifest.json"))
                        .toList());
        assertThat(manifest.path("commit").asText()).isEqualTo(Fixture.COMMIT);
        assertThat(manifest.path("generator").asInt()).isEqualTo(ReadinessPackage.GENERATOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.json", "demo.json", "tests.json", "security/requests.json", "load/burst.json"})
    void namesAFileThatCannotBeRead(String path) {
        assertThatThrownBy(() -> Fixture.allWell().with(path, "{").made())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(path + ": is no JSON");
    }

    @Test
    void loadsNothingFromAnywhere() {
        String pages = ReadinessPackage.PAGES.stream()
                .filter(path -> path.endsWith(".html"))
                .map(path -> new String(Fixture.allWell().made().files().get(path), UTF_8))
                .collect(Collectors.joining())
                .replace("http://www.w3.org/2000/svg", "");

        assertThat(pages)
                .doesNotContain("http://", "https://", "<script", "<link", "url(")
                .contains("default-src &#39;none&#39;");
    }

    @Test
    void linksOnlyToWhatIsThere() {
        Map<String, byte[]> files = Fixture.allWell().made().files();

        Pattern.compile("href=\"([^\"]*)\"")
                .matcher(new String(files.get(ReadinessPage.FILE), UTF_8))
                .results()
                .forEach(link -> assertThat(files).containsKey(link.group(1)));
    }
}
