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
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.io.TempDir;

/** A rollout with the samples that were recorded of it, and what {@code simulate} says of them. */
abstract class SimulatedRollout {

    private static final JsonMapper JSON = new JsonMapper();
    static final String RESOURCE = """
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

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final List<String> samples = new ArrayList<>();
    String resource = RESOURCE;
    String commands = "";

    SimulatedRollout errors(String arm, IntToDoubleFunction value) {
        return series("ErrorRatio", arm, value);
    }

    SimulatedRollout series(String signal, String arm, IntToDoubleFunction value) {
        for (var second = -60; second <= 600; second += 10) {
            var at = value.applyAsDouble(second);
            samples.add("%d,%s,%s,%s".formatted(second, signal, arm, Double.isNaN(at) ? "" : Double.toString(at)));
        }
        return this;
    }

    int run() throws IOException {
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

    String written(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    List<JsonNode> lines() throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var line : out.toString().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    JsonNode outcome() throws IOException {
        assertThat(run()).as(err.toString()).isZero();
        return lines().getLast();
    }

    JsonNode first(String decision) throws IOException {
        return lines().stream()
                .filter(line -> line.path("decision").asText().equals(decision))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + decision + " in " + out));
    }

    SimulatedRollout healthy() {
        return errors("candidate", _ -> 0).errors("service", _ -> 0);
    }
}
