package sluice.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.observability.dashboard.Dashboard;
import sluice.observability.dashboard.Dashboards;
import sluice.observability.dashboard.GrafanaJson;

/** The chart's dashboards are those of the classes: checked by default, written with {@code -Ddashboards.write=true}. */
class GeneratedDashboardsTest {

    private static final String HOW_TO_UPDATE =
            "To update: mvn -pl observability -am test -Dtests='**/GeneratedDashboardsTest.java' -Ddashboards.write=true";
    private static final Path FOLDER = Path.of("..", "helm", "ratelimit-rollout", "dashboards");

    static Iterable<Dashboard> dashboards() {
        return Dashboards.all();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void theChartsFileMatchesTheClasses(Dashboard dashboard) throws IOException {
        var file = FOLDER.resolve(dashboard.fileName());
        if (Boolean.getBoolean("dashboards.write")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, GrafanaJson.of(dashboard));
        }
        assertThat(file).as(HOW_TO_UPDATE).exists();
        assertThat(file).as(HOW_TO_UPDATE).hasContent(GrafanaJson.of(dashboard));
    }

    @Test
    void theChartHasNoOtherFile() throws IOException {
        try (var files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Dashboards.all().stream().map(Dashboard::fileName).toList());
        }
    }
}
