package sluice.operator.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of alerts in the chart. */
final class AlertFiles {

    /** The folder with the rules; their promtool tests are in {@code tests} in there. */
    static final Path FOLDER = Path.of("..", "helm", "ratelimit-rollout", "alerts")
            .toAbsolutePath()
            .normalize();

    private static final YAMLMapper YAML = new YAMLMapper();

    private AlertFiles() {}

    static List<Path> ruleFiles() {
        return List.of(FOLDER.resolve("rules.yaml"), FOLDER.resolve("synthetics.yaml"));
    }

    static List<Path> testFiles() {
        try (var files = Files.list(FOLDER.resolve("tests"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every rule, alerts and recorded ones. */
    static Stream<JsonNode> rules() {
        return ruleFiles().stream()
                .flatMap(file -> read(file).path("groups").valueStream())
                .flatMap(group -> group.path("rules").valueStream());
    }

    static Stream<JsonNode> alerts() {
        return rules().filter(rule -> rule.has("alert"));
    }

    /** What promtool is to look for: at a time, an alert, and those of it that fire then. */
    static Stream<JsonNode> alertTests() {
        return testFiles().stream()
                .flatMap(file -> read(file).path("tests").valueStream())
                .flatMap(test -> test.path("alert_rule_test").valueStream());
    }

    static JsonNode read(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
