package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.operator.api.BadResource;
import sluice.operator.api.Examples;
import sluice.operator.api.FairResource;

/** The tables that a real API server is asked too, in the operator's RefusedResourcesIT and AcceptedResourcesIT. */
class AdmissionTest {
    @TempDir
    Path folder;

    static Stream<BadResource> badResources() throws IOException {
        return BadResource.all();
    }

    static Stream<FairResource> fairResources() throws IOException {
        return FairResource.all();
    }

    private Run run(String resource, String... command) throws IOException {
        var file = Files.writeString(folder.resolve("rollout.yaml"), resource).toString();
        return Run.of(Stream.concat(Stream.of(command), Stream.of("-f", file)).toArray(String[]::new));
    }

    private static ObjectNode example() throws IOException {
        return Examples.read("scholarship-api.yaml");
    }

    @ParameterizedTest
    @MethodSource("badResources")
    void refusesWhatAnApiServerRefusesAndNamesTheFieldAndTheFix(BadResource bad) throws IOException {
        var resource = example();
        bad.spoil(resource);

        var run = run(resource.toString(), "check");

        assertThat(run.code()).as(run.toString()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(bad.says());
    }

    @ParameterizedTest
    @MethodSource("fairResources")
    void takesWhatAnApiServerTakes(FairResource fair) throws IOException {
        var resource = example();
        fair.change(resource);
        assertThat(run(resource.toString(), "check")).satisfies(AdmissionTest::isFine);
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal.yaml", "scholarship-api.yaml", "tiers-and-costs.yaml", "hooks.yaml"})
    void takesTheExamples(String example) throws IOException {
        assertThat(run(Examples.read(example).toString(), "check")).satisfies(AdmissionTest::isFine);
    }

    private static void isFine(Run run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.DONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sluice.dev/v1alpha1  | foo/v1            | apiVersion: Unsupported value: "foo/v1": supported values: "sluice.dev/v1alpha1"
            'apiVersion: '       | '# apiVersion: '  | apiVersion: Required value
            name: api            | labels: {}        | metadata.name: Required value
            'spec:'              | 'port: http\nspec:' | unknown field "port"
            hold: 5m             | hold: 0s          | spec.strategy.steps[0].hold: must be a duration
            '"Off"'              | Off               | spec.initialLimiter: must be of type string, is false
            interval: 10s        | interval: 5m      | spec.stopLoss.deadManSwitch: must be at least twice
            minimumRequests: 5   | minimumRequests: -5 | spec.minimumRequests: should be greater than or equal to 0, is -5
            weight: 100          | weight: 10.5      | spec.strategy.steps[0].weight: must be of type integer, is 10.5
            """)
    void nothingIsTriedOutThatCouldNotBeApplied(String text, String instead, String message) throws IOException {
        var resource = """
                apiVersion: sluice.dev/v1alpha1
                kind: RateLimitRollout
                metadata: {name: api}
                spec:
                  targetRef: {name: api}
                  initialLimiter: "Off"
                  minimumRequests: 5
                  limiter: {backend: Memory, limits: [{name: all, tokens: 10, per: 1s}]}
                  strategy: {observe: 5m, steps: [{weight: 100, hold: 5m}]}
                  stopLoss: {interval: 10s, rules: [{signal: ErrorRatio, threshold: "0.01", for: 5m}]}
                """;
        assertThat(run(resource, "check").err()).isEmpty();

        var wrong = resource.replace(text, instead.translateEscapes());

        var samples = Files.writeString(folder.resolve("samples.csv"), "0,ErrorRatio,candidate,0\n");
        for (var command : new String[][] {
            {"check"},
            {"simulate", "--samples", samples.toString()},
            {"backtest", "-n", "apps", "--prometheus", "http://127.0.0.1:1"}
        }) {
            var run = run(wrong, command);
            assertThat(run.code()).as(run.toString()).isEqualTo(ExitCode.USAGE);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("rollout.yaml: ").contains(message);
        }
    }
}
