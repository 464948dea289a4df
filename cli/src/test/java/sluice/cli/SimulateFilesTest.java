package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulateFilesTest {
    private static final String RESOURCE = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: api}
            spec:
              targetRef: {name: api}
              limiter: {backend: Memory, limits: [{name: api, tokens: 10, per: 1s}]}
              strategy: {observe: 10s, steps: [{weight: 100, hold: 1m}]}
              stopLoss: {rules: [{signal: ErrorRatio, threshold: "0.01", for: 1m}], noData: {rollBackAfter: 30s}}
            """;
    private static final String PROMOTED = "{\"outcome\":\"Promoted\",\"t\":70,\"weight\":100,\"signal\":null}";
    private static final String SAMPLES = IntStream.rangeClosed(0, 10)
            .mapToObj(i -> "%d,ErrorRatio,candidate,0\n%d,ErrorRatio,service,0\n".formatted(i * 10, i * 10))
            .collect(Collectors.joining());

    @TempDir
    Path folder;

    private String resource = RESOURCE;

    private Run simulate(String samples) throws IOException {
        return Run.of(
                "simulate",
                "-f",
                Files.writeString(folder.resolve("rollout.yaml"), resource).toString(),
                "--samples",
                Files.writeString(folder.resolve("samples.csv"), samples).toString());
    }

    private String outcome(String samples) throws IOException {
        var run = simulate(samples);
        assertThat(run.err()).isEmpty();
        return run.out().lines().reduce((_, last) -> last).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "seconds,signal,arm,value\n",
                "# recorded by hand\n\n \"Seconds\" , Signal,ARM , value\n",
                "\uFEFFseconds,signal,arm,value\n"
            })
    void theColumnsMayBeNamedFirst(String head) throws IOException {
        assertThat(outcome(head + SAMPLES)).isEqualTo(PROMOTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signal,seconds,arm,value", "Seconds,\"Signal\",Value,Arm"})
    void columnsInAnotherOrderAreRefused(String head) throws IOException {
        var run = simulate(head + "\n" + SAMPLES);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).endsWith("line 1: columns must be in the order seconds,signal,arm,value");
    }

    @Test
    void blanksQuotesCommentsAndLineEndsOfOtherSystemsAreFine() throws IOException {
        assertThat(outcome(SAMPLES.replace("\n", "\r\n"))).isEqualTo(PROMOTED);
        assertThat(outcome(SAMPLES.replace("\n", "\r"))).isEqualTo(PROMOTED);
        assertThat(outcome(SAMPLES.replace(",", " ,\t"))).isEqualTo(PROMOTED);
        assertThat(outcome(SAMPLES.replace("ErrorRatio", "\"ErrorRatio\""))).isEqualTo(PROMOTED);
        assertThat(outcome(SAMPLES.replace("\n", "\n\n# a remark, with commas, in it\n")))
                .isEqualTo(PROMOTED);
        assertThat(outcome(SAMPLES.strip())).isEqualTo(PROMOTED);
    }

    /** The same, and everything fails as soon as it has begun. */
    private static String failing() {
        return SAMPLES.replaceAll("(?m)^([1-9].*),0$", "$1,1");
    }

    @Test
    void theOrderOfLinesDoesNotMatter() throws IOException {
        var backwards = SAMPLES.lines().toList().reversed().stream().collect(Collectors.joining("\n"));
        assertThat(simulate(backwards)).isEqualTo(simulate(SAMPLES));
    }

    @Test
    void ofTwoSamplesAtATimeTheLaterLineCounts() throws IOException {
        assertThat(outcome(SAMPLES + failing())).contains("\"signal\":\"ErrorRatio\"");
        assertThat(outcome(failing() + SAMPLES)).isEqualTo(PROMOTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NaN", "nan", "Inf", "+Inf", "-Inf"})
    void whatIsNoNumberIsMissingToTheLastLine(String value) throws IOException {
        assertThat(outcome(SAMPLES.replace(",0\n", "," + value + "\n")))
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":30,\"weight\":0,\"signal\":\"NoData\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0x1p3,ErrorRatio,candidate,0 | seconds must be a number, is '0x1p3'
            NOTHING,ErrorRatio,candidate,0 | seconds must be a number, is ''
            1e9,ErrorRatio,candidate,0   | seconds must be within 400 days of the start, is 1e9
            0,errorratio,candidate,0     | no such signal: errorratio; known are [
            0,ErrorRatio,,0              | no such arm: ; use candidate, stable or service
            0,ErrorRatio,candidate,1d    | value must be a number, is '1d'
            0,ErrorRatio,candidate,0,0   | has 5 columns; each line is seconds,signal,arm,value
            """)
    void saysWhichColumnOfWhichLineIsWrong(String line, String message) throws IOException {
        var run = simulate(SAMPLES + line.replace("NOTHING", ""));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("samples.csv: line 23: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "seconds,signal,arm,value\n", "# nothing\n"})
    void aFileWithoutSamplesIsNone(String text) throws IOException {
        var run = simulate(text);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).endsWith("there is no sample in it; each line is seconds,signal,arm,value");
    }

    @Test
    void withoutASampleAfterTheStartNothingIsEvaluated() throws IOException {
        var run = simulate("-10,ErrorRatio,service,0\n");
        assertThat(run.out()).isEqualTo("{\"outcome\":\"InProgress\",\"t\":0,\"weight\":0,\"signal\":null}");
        assertThat(run.err()).startsWith("no sample at second 0 or later");
    }

    @Test
    void saysWhyAFileCannotBeRead() throws IOException {
        var samples = Files.writeString(folder.resolve("samples.csv"), SAMPLES);
        var rollout = Files.writeString(folder.resolve("rollout.yaml"), RESOURCE);
        var latin = Files.write(folder.resolve("latin.yaml"), "# \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(refused(rollout, folder.resolve("none.csv"))).endsWith("none.csv: there is no such file");
        assertThat(refused(folder.resolve("none.yaml"), samples)).endsWith("none.yaml: there is no such file");
        assertThat(refused(latin, samples)).endsWith("latin.yaml: it is not in UTF-8; save it in that");
        assertThat(refused(rollout, folder)).contains("it cannot be read: ").doesNotContain("Exception");
    }

    private static String refused(Path rollout, Path samples) {
        var run = Run.of("simulate", "-f", rollout.toString(), "--samples", samples.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        return run.err();
    }

    @ParameterizedTest
    @CsvSource({"5s,70,", "15s,75,90", "1500ms,70.5,99"})
    void anotherIntervalHasItsOwnEvaluations(String interval, String end, @Nullable String last) throws IOException {
        resource = RESOURCE.replace("stopLoss: {", "stopLoss: {interval: " + interval + ", ")
                .replace("observe: 10s", "observe: 15s")
                .replace("hold: 1m", "hold: 55s")
                .replace("rollBackAfter: 30s", "rollBackAfter: 10m");
        var dense = IntStream.rangeClosed(0, 200)
                .mapToObj(i -> "%s,ErrorRatio,candidate,0\n%s,ErrorRatio,service,0\n".formatted(i / 2.0, i / 2.0))
                .collect(Collectors.joining());
        var run = simulate(dense);
        assertThat(run.out().lines().toList())
                .last()
                .isEqualTo("{\"outcome\":\"Promoted\",\"t\":" + end + ",\"weight\":100,\"signal\":null}");
        assertThat(run.err().strip())
                .isEqualTo(
                        last == null
                                ? ""
                                : "samples after second " + last + ", the last evaluation, are not looked at");
    }

    @Test
    void otherResourcesBesideItAndItsStatusAreLeftAlone() throws IOException {
        resource = "kind: Service\nmetadata: {name: api}\n---\n" + RESOURCE
                + "status: {phase: Promoted, weight: 100, later: 1}\n---\n";
        assertThat(outcome(SAMPLES)).isEqualTo(PROMOTED);
    }

    @Test
    void whatTheSchemaHasADefaultForMayBeLeftOut() throws IOException {
        resource = RESOURCE.replace("per: 1s}]}", "per: 1s}], identity: {trustedProxies: [10.0.0.0/8]}}");
        assertThat(outcome(SAMPLES)).isEqualTo(PROMOTED);
    }

    @Test
    void aRollbackBeforeAnybodyIsExposedIsOverAtOnce() throws IOException {
        resource = RESOURCE.replace("observe: 10s", "observe: 5m");
        var run = simulate(failing());
        assertThat(run.out().lines().toList())
                .anySatisfy(line ->
                        assertThat(line).contains("\"decision\":\"FinishRollBack\"", "\"phase\":\"RolledBack\""))
                .endsWith("{\"outcome\":\"RolledBack\",\"t\":60,\"weight\":0,\"signal\":\"ErrorRatio\"}");
    }
}
