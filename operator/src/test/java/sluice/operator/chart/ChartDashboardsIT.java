package sluice.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChartDashboardsIT {

    private static final Path FILES = Path.of(Helm.CHART, "dashboards");

    private static List<ConfigMap> dashboards(String... values) {
        List<HasMetadata> chart = Helm.offline().render(values);
        return chart.stream()
                .filter(ConfigMap.class::isInstance)
                .map(ConfigMap.class::cast)
                .filter(map -> map.getMetadata().getName().endsWith("-dashboard"))
                .toList();
    }

    @Test
    void shipsEachDashboardWhereGrafanaLooksForIt() throws IOException {
        var shipped = dashboards("dashboards={\"enabled\":true,\"annotations\":{\"grafana_folder\":\"Sluice\"}}");

        assertThat(shipped).allSatisfy(map -> {
            assertThat(map.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
            assertThat(map.getMetadata().getAnnotations()).containsEntry("grafana_folder", "Sluice");
        });
        var files = shipped.stream()
                .flatMap(map -> map.getData().entrySet().stream())
                .collect(Collectors.toMap(file -> file.getKey(), file -> file.getValue()));
        try (var wanted = Files.list(FILES)) {
            assertThat(files.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            wanted.map(file -> file.getFileName().toString()).toList());
        }
        for (var file : files.entrySet()) {
            assertThat(file.getValue().strip())
                    .isEqualTo(Files.readString(FILES.resolve(file.getKey())).strip());
        }
    }

    @Test
    void shipsNoneUnlessItsValuesSaySo() {
        assertThat(dashboards()).isEmpty();
    }
}
