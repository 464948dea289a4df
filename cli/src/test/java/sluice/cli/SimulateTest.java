package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulateTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String RESOURCE = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: api, namespace: apps}
            spec:
              targetRef: {name: api}
              limiter:
                backend: Memory
                limits: [{name: api, tokens: 10, per: 1s}]
              strategy:
                observe: 10s
                steps: [{weight: 10, hold: 2m}, {weight: 100, hold: 2m}]
              stopLoss:
                interval: 10s
                rules: [{signal: ErrorRatio, threshold: "0.01", for: 1m}]
                noData: {rollBackAfter: 2m}
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> samples = new ArrayList<>();
    private String resource = RESOURCE;
    private String commands = "";

    private SimulateTest errors(String arm, IntToDoubleFunction value) {
        return series("ErrorRatio", arm, value);
    }

    private SimulateTest series(String signal, String arm, IntToDoubleFunction value) {
        for (var second = -60; second <= 600; second += 10) {
            var at = value.applyAsDouble(second);
            samples.add("%d,%s,%s,%s".formatted(second, signal, arm, Double.isNaN(at) ? "" : Double.toString(at)));
        }
        return this;
    }

    private int run() throws IOException {
        var arguments = new ArrayList<>(List.of(
                "simulate",
                "-f",
                written("rollout.yaml", resource),
                "--samples",
                written("samples.csv", "seconds,signal,arm,value\n" + String.join("\n", samples) + "\n")));
        if (!commands.isEmpty()) {
            arguments.addAll(List.of("--commands", written("commands.csv", commands)));
        }
        var typed = arguments.toArray(String[]::new);
        return Main.commandLine(typed)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(typed);
    }

    private String written(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private List<JsonNode> lines() throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var line : out.toString().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private JsonNode outcome() throws IOException {
        assertThat(run()).as(err.toString()).isZero();
        return lines().getLast();
    }

    private JsonNode first(String decision) throws IOException {
        return lines().stream()
                .filter(line -> line.path("decision").asText().equals(decision))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + decision + " in " + out));
    }

    private SimulateTest healthy() {
        return errors("candidate", _ -> 0).errors("service", _ -> 0);
    }

    @Test
    void aHealthyRolloutIsPromotedAfterItsHolds() throws IOException {
        var outcome = healthy().outcome();
        assertThat(outcome.toString()).isEqualTo("{\"outcome\":\"Promoted\",\"t\":250,\"weight\":100,\"signal\":null}");
        assertThat(first("Start").toString())
                .startsWith("{\"t\":10,\"phase\":\"Progressing\",\"weight\":10,\"step\":1,\"decision\":\"Start\"");
        assertThat(first("Advance").path("t").asInt()).isEqualTo(130);
    }

    @Test
    void aBreachThatLastsComesBackWithItsValueAndThreshold() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 ? 0.05 : 0)
                .errors("service", _ -> 0)
                .outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":110,\"weight\":0,\"signal\":\"ErrorRatio\"}");
        var back = first("RollBack");
        assertThat(back.path("value").asDouble()).isEqualTo(0.05);
        assertThat(back.path("threshold").asDouble()).isEqualTo(0.01);
        assertThat(back.path("why").asText()).contains("0.05").contains("0.01");
    }

    @Test
    void oneGoodSampleInTheWindowIsEnoughToStay() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 && t % 50 != 0 ? 0.05 : 0)
                .errors("service", _ -> 0)
                .outcome();
        assertThat(outcome.path("outcome").asText()).isEqualTo("Promoted");
        assertThat(lines())
                .anySatisfy(line -> assertThat(line.path("why").asText()).contains(">= 0.01"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"service", "candidate"})
    void aPromotedLimiterStillComesBackWhenItBreaksARule(String arm) throws IOException {
        var outcome = errors("candidate", t -> t >= 400 && arm.equals("candidate") ? 0.05 : 0)
                .errors("service", t -> t >= 400 && arm.equals("service") ? 0.05 : 0)
                .outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":450,\"weight\":0,\"signal\":\"ErrorRatio\"}");
        assertThat(first("Promote").path("t").asInt()).isEqualTo(250);
        assertThat(first("RollBack").path("why").asText()).endsWith("back to revision off");
    }

    @ParameterizedTest
    @CsvSource({"0s,Promote,250", "2m,Disarm,370"})
    void aPromotedLimiterStaysOnceItIsNoLongerArmed(String time, String last, int at) throws IOException {
        resource = RESOURCE + "    armedAfterPromotion: " + time + "\n";
        var outcome = errors("candidate", t -> t >= 400 ? 0.05 : 0)
                .errors("service", t -> t >= 400 ? 0.05 : 0)
                .outcome();
        assertThat(outcome.toString()).isEqualTo("{\"outcome\":\"Promoted\",\"t\":250,\"weight\":100,\"signal\":null}");
        assertThat(first(last).path("t").asInt()).isEqualTo(at);
    }

    @Test
    void missingSamplesAfterThePromotionAreToldAndChangeNothing() throws IOException {
        var outcome = errors("candidate", t -> t >= 300 ? Double.NaN : 0)
                .errors("service", t -> t >= 300 ? Double.NaN : 0)
                .outcome();
        assertThat(outcome.path("outcome").asText()).isEqualTo("Promoted");
        assertThat(lines())
                .anySatisfy(line -> assertThat(line.path("why").asText()).contains("no sample of ErrorRatio"));
    }

    @Test
    void throttlingAfterThePromotionIsThatOfTheCandidateArmAndOnlyTold() throws IOException {
        resource = RESOURCE.replace(
                "signal: ErrorRatio, threshold: \"0.01\"", "signal: ThrottledRatio, threshold: \"0.05\"");
        var outcome = series("ThrottledRatio", "candidate", t -> t >= 400 ? 0.5 : 0.02)
                .series("ThrottledRatio", "stable", _ -> 0.02)
                .outcome();
        assertThat(outcome.toString()).isEqualTo("{\"outcome\":\"Promoted\",\"t\":250,\"weight\":100,\"signal\":null}");
        assertThat(lines())
                .anySatisfy(line ->
                        assertThat(line.path("why").asText()).isEqualTo("ThrottledRatio (service) 0.48 >= 0.05"))
                .noneSatisfy(line -> assertThat(line.path("why").asText()).contains("no sample"));
    }

    @Test
    void startsOverOnlyWhenDataHaveBeenBackForAsLongAsTheyMustBeMissing() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 && t < 300 ? Double.NaN : 0)
                .errors("service", t -> t >= 60 && t < 300 ? Double.NaN : 0)
                .outcome();
        assertThat(first("RollBack").path("t").asInt()).isEqualTo(180);
        assertThat(lines()).anySatisfy(line -> {
            assertThat(line.path("t").asInt()).isEqualTo(300);
            assertThat(line.path("phase").asText()).isEqualTo("RolledBack");
            assertThat(line.path("why").asText()).contains("starts over at");
        });
        assertThat(first("StartOver").path("t").asInt()).isEqualTo(420);
        assertThat(outcome.path("outcome").asText()).isEqualTo("InProgress");
    }

    @Test
    void missingSamplesHoldAndThenGoBack() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 ? Double.NaN : 0)
                .errors("service", t -> t >= 60 ? Double.NaN : 0)
                .series("RequestRate", "service", _ -> 10)
                .outcome();
        assertThat(outcome.path("signal").asText()).isEqualTo("NoData");
        assertThat(outcome.path("t").asInt()).isEqualTo(180);
    }

    @Test
    void aCandidateWhoseDataAreNotBackIsNotTriedAgain() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 ? Double.NaN : 0)
                .errors("service", _ -> 0)
                .outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":180,\"weight\":0,\"signal\":\"NoData\"}");
    }

    @Test
    void whatBrokeAndFellSilentIsABrokenRule() throws IOException {
        var outcome = errors("candidate", t -> t < 60 ? 0 : t < 110 ? 0.5 : Double.NaN)
                .errors("service", _ -> 0)
                .outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":110,\"weight\":0,\"signal\":\"ErrorRatio\"}");
    }

    @Test
    void aServiceThatBreachesBeforeTheStartIsNotStarted() throws IOException {
        var outcome = errors("candidate", _ -> 0)
                .errors("service", t -> t < 200 ? 0.05 : 0)
                .outcome();
        assertThat(lines().getFirst().path("phase").asText()).isEqualTo("Pending");
        assertThat(lines().getFirst().path("why").asText()).contains("before anything was changed", "0.05");
        assertThat(first("Start").path("t").asInt()).isEqualTo(210);
        assertThat(outcome.path("outcome").asText()).isEqualTo("Promoted");
    }

    @Test
    void notANumberIsMissingToo() throws IOException {
        healthy();
        samples.replaceAll(line -> line.startsWith("60,") || line.startsWith("70,")
                ? line.substring(0, line.lastIndexOf(',')) + ",NaN"
                : line);
        outcome();
        assertThat(lines()).anySatisfy(line -> {
            assertThat(line.path("t").asInt()).isEqualTo(60);
            assertThat(line.path("decision").asText()).isEqualTo("Hold");
            assertThat(line.path("why").asText()).contains("no sample");
        });
    }

    @Test
    void anArmWithoutRequestsHoldsAsNoTraffic() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 ? Double.NaN : 0)
                .errors("service", _ -> 0)
                .series("RequestRate", "candidate", t -> t >= 60 ? 0 : 10)
                .outcome();
        assertThat(outcome.path("outcome").asText()).isEqualTo("InProgress");
    }

    @Test
    void theBaselineIsWhatWasSeenBeforeTheStart() throws IOException {
        resource = RESOURCE.replace(
                "rules: [{signal: ErrorRatio, threshold: \"0.01\", for: 1m}]",
                "rules: [{signal: AuthFailures, timesBaseline: \"3\", minimum: \"0.005\", baselineWindow: 1h, for: 1m}]");
        var outcome = series("AuthFailures", "service", t -> t < 0 ? 0.01 : 0.02)
                .series("AuthFailures", "candidate", t -> t >= 60 ? 0.031 : 0.02)
                .outcome();
        assertThat(outcome.path("signal").asText()).isEqualTo("AuthFailures");
        assertThat(first("RollBack").path("threshold").asDouble()).isEqualTo(0.03);
    }

    @Test
    void theBaselineIsTheStableArmsWhereItWasRecorded() throws IOException {
        resource = RESOURCE.replace(
                "rules: [{signal: ErrorRatio, threshold: \"0.01\", for: 1m}]",
                "rules: [{signal: AuthFailures, timesBaseline: \"3\", minimum: \"0.005\", baselineWindow: 1h, for: 1m}]");
        series("AuthFailures", "stable", _ -> 0.01)
                .series("AuthFailures", "service", t -> t < 0 ? 0.015 : 0.02)
                .series("AuthFailures", "candidate", t -> t >= 60 ? 0.031 : 0.02)
                .outcome();
        assertThat(first("RollBack").path("threshold").asDouble()).isEqualTo(0.03);
    }

    private SimulateTest withQuery() {
        resource = RESOURCE.replace(
                "for: 1m}]",
                "for: 1m}, {signal: Query, name: checkout-errors, query: sum(failed), threshold: \"5\", for: 1m}]");
        return healthy();
    }

    @ParameterizedTest
    @ValueSource(strings = {"service", "candidate"})
    void aQueryIsReadByItsNameInWhicheverArmItWasRecorded(String arm) throws IOException {
        var outcome =
                withQuery().series("checkout-errors", arm, t -> t >= 60 ? 7 : 1).outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":110,\"weight\":0,\"signal\":\"checkout-errors\"}");
        var back = first("RollBack");
        assertThat(back.path("signal").asText()).isEqualTo("checkout-errors");
        assertThat(back.path("value").asDouble()).isEqualTo(7);
        assertThat(back.path("threshold").asDouble()).isEqualTo(5);
    }

    @Test
    void aQueryThatWasRecordedOfBothIsBrokenByEither() throws IOException {
        var outcome = withQuery()
                .series("checkout-errors", "candidate", t -> t >= 60 ? 7 : 1)
                .series("checkout-errors", "service", _ -> 1)
                .outcome();
        assertThat(outcome.path("signal").asText()).isEqualTo("checkout-errors");
    }

    @Test
    void aQueryBelowItsThresholdIsHealthy() throws IOException {
        assertThat(withQuery()
                        .series("checkout-errors", "service", _ -> 4.9)
                        .outcome()
                        .path("outcome")
                        .asText())
                .isEqualTo("Promoted");
    }

    @Test
    void aQueryThatTheFileLacksIsMissingDataAlsoWithoutTraffic() throws IOException {
        var outcome = withQuery().series("RequestRate", "service", _ -> 0).outcome();
        assertThat(outcome.path("signal").asText()).isEqualTo("NoData");
        assertThat(lines())
                .anySatisfy(line -> assertThat(line.path("why").asText())
                        .contains("checkout-errors (service): there is no sample of checkout-errors (service)"));
    }

    @Test
    void aGateLooksAtAQuery() throws IOException {
        resource = RESOURCE + "  gates: [{signal: Query, name: queue, query: sum(queue), max: '3'}]\n";
        var outcome =
                healthy().series("queue", "service", t -> t >= 300 ? 3 : 4).outcome();
        assertThat(outcome.path("outcome").asText()).isEqualTo("Promoted");
        assertThat(first("Advance").path("t").asInt()).isEqualTo(300);
    }

    @Test
    void commandsAreObeyedAtTheirTime() throws IOException {
        commands = "seconds,verb\n60,pause\n400,resume\n405,abort\n";
        var outcome = healthy().outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":410,\"weight\":0,\"signal\":\"Abort\"}");
        assertThat(lines()).anySatisfy(line -> {
            assertThat(line.path("t").asInt()).isEqualTo(60);
            assertThat(line.path("phase").asText()).isEqualTo("Paused");
        });
    }

    private SimulateTest compared(String comparison) {
        resource = RESOURCE + "  comparison: " + comparison + "\n";
        return errors("stable", _ -> 0)
                .series("RequestRate", "stable", _ -> 9)
                .series("RequestRate", "candidate", _ -> 0.5);
    }

    @Test
    void aComparisonHoldsUntilThereAreEnoughRequests() throws IOException {
        var outcome = compared("{margin: \"0.05\"}").healthy().outcome();
        assertThat(outcome.toString()).isEqualTo("{\"outcome\":\"Promoted\",\"t\":390,\"weight\":100,\"signal\":null}");
        assertThat(first("Advance").path("t").asInt()).isEqualTo(200);
        assertThat(lines()).anySatisfy(line -> {
            assertThat(line.path("t").asInt()).isEqualTo(130);
            assertThat(line.path("why").asText())
                    .startsWith("candidate errors 0 of 60, stable 0 of 1080: not yet shown");
        });
    }

    @Test
    void aCandidateThatIsShownToBeWorseComesBackAtTheProgressDeadline() throws IOException {
        compared("{margin: \"0.05\"}").errors("candidate", _ -> 0.2).errors("service", _ -> 0.02);
        resource = resource.replace("\"0.01\"", "\"0.9\"")
                .replace("interval: 10s", "interval: 10s\n    progressDeadline: 2m");
        assertThat(outcome().toString())
                .isEqualTo(
                        "{\"outcome\":\"RolledBack\",\"t\":250,\"weight\":0,\"signal\":\"ProgressDeadlineExceeded\"}");
        assertThat(first("RollBack").path("why").asText()).contains("shown to be more than 0.05 worse");
    }

    @Test
    void aComparisonWithoutCountsIsSaidAndHolds() throws IOException {
        resource = RESOURCE + "  comparison: {}\n";
        assertThat(healthy().outcome().path("outcome").asText()).isEqualTo("InProgress");
        assertThat(err.toString()).contains("spec.comparison lets no step be left");
        assertThat(lines())
                .anySatisfy(line ->
                        assertThat(line.path("why").asText()).contains("there is no RequestRate or no ErrorRatio"));
    }

    @Test
    void theSameInputGivesTheSameOutput() throws IOException {
        healthy().run();
        var once = out.toString();
        out.getBuffer().setLength(0);
        run();
        assertThat(out).hasToString(once);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0,ErrorRatio,candidate     | samples.csv: line 2: has 3 columns
            x,ErrorRatio,candidate,0   | samples.csv: line 2: seconds must be a number, is 'x'
            0,Errors,candidate,0       | samples.csv: line 2: no such signal: Errors; known are [AuthFailures, ErrorRatio
            0,ErrorRatio,canary,0      | samples.csv: line 2: no such arm: canary; use candidate, stable or service
            0,ErrorRatio,candidate,big | samples.csv: line 2: value must be a number, is 'big'
            """)
    void saysWhereASampleIsWrong(String line, String message) throws IOException {
        samples.add(line);
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains(message);
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kind: RateLimitRollout | kind: Rollout        | kind must be RateLimitRollout
            observe: 10s           | observe: soon        | spec.strategy.observe: must be a duration
            "0.01"                 | "a lot"              | spec.stopLoss.rules[0].threshold: ErrorRatio and ThrottledRatio need a decimal
            interval: 10s          | intervall: 10s       | intervall
            """)
    void saysWhichFieldOfTheResourceIsWrong(String text, String instead, String message) throws IOException {
        resource = RESOURCE.replace(text, instead);
        assertThat(healthy().run()).isEqualTo(2);
        assertThat(err.toString()).contains("rollout.yaml").contains(message);
    }

    @Test
    void saysWhichCommandIsNone() throws IOException {
        commands = "60,halt\n";
        assertThat(healthy().run()).isEqualTo(2);
        assertThat(err.toString()).contains("commands.csv: line 1: no such verb: halt");
    }

    @Test
    void needsTheSamples() throws IOException {
        var line = Main.commandLine().setErr(new PrintWriter(err, true));
        assertThat(line.execute("simulate", "-f", written("rollout.yaml", resource)))
                .isEqualTo(2);
        assertThat(err.toString().toLowerCase(Locale.ROOT)).contains("--samples");
    }
}
