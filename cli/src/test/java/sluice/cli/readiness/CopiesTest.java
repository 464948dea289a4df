package sluice.cli.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is built in is what the repository has, and all of it. */
class CopiesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path CHART = ROOT.resolve("helm/ratelimit-rollout");

    private static Path source(String path) {
        return switch (path) {
            case "ONCALL_RUNBOOK.md" -> ROOT.resolve("docs").resolve(path);
            case "definitions/crd.yaml" -> CHART.resolve("crds/ratelimitrollouts.sluice.dev.yaml");
            default -> CHART.resolve(path.substring("definitions/".length()));
        };
    }

    @Test
    void areTheRepositorysFilesByteForByte() {
        assertThat(Copies.SOURCES)
                .isNotEmpty()
                .allSatisfy((path, bytes) -> assertThat(source(path)).hasBinaryContent(bytes));
    }

    @Test
    void aPackageHasThemAsTheyAreButForTheRunbooksLinks() {
        assertThat(Copies.OURS.keySet()).isEqualTo(Copies.SOURCES.keySet());
        assertThat(Copies.OURS).allSatisfy((path, bytes) -> {
            if (!path.equals(PaperItems.RUNBOOK)) {
                assertThat(bytes).isEqualTo(Copies.SOURCES.get(path));
            }
        });
    }

    @Test
    void areAllThatTheChartHasOfThem() throws IOException {
        Set<String> there = new TreeSet<>();
        for (String folder : new String[] {"alerts", "dashboards", "synthetics", "crds"}) {
            try (var files = Files.list(CHART.resolve(folder))) {
                files.filter(Files::isRegularFile)
                        .forEach(file -> there.add(CHART.relativize(file).toString()));
            }
        }
        Set<String> copied = new TreeSet<>();
        Copies.OURS.keySet().stream()
                .map(CopiesTest::source)
                .filter(path -> path.startsWith(CHART))
                .forEach(path -> copied.add(CHART.relativize(path).toString()));
        assertThat(copied).isEqualTo(there);
    }
}
