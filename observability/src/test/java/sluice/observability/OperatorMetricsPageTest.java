package sluice.observability;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sluice.operator.networks.AutonomousSystem;

/** What an operator publishes, and what docs/metrics.md says of it. */
class OperatorMetricsPageTest {

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
    private static final Pattern LABEL = Pattern.compile("[{,](\\w+)=\"");
    private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|sum)$");

    @Test
    void describesAllOfIt() throws IOException {
        var page = MetricsPage.part("operator");
        var types = new TreeMap<String, String>();
        var labels = new TreeMap<String, Set<String>>();
        try (var operator = new OperatorPage(() -> Map.of("192.0.2.0/24", AutonomousSystem.UNKNOWN))) {
            operator.text().lines().forEach(line -> read(line, types, labels));
        }

        assertThat(types.keySet().stream().filter(name -> name.startsWith("sluice_")))
                .isNotEmpty()
                .allMatch(page::containsKey);
        page.keySet().retainAll(types.keySet());
        page.forEach((name, metric) -> {
            assertThat(metric.type()).as(name).isEqualTo(types.get(name));
            assertThat(metric.labels()).as(name).isEqualTo(labels.get(name));
            assertThat(metric.query()).as(name).contains(name);
        });
    }

    private static void read(String line, Map<String, String> types, Map<String, Set<String>> labels) {
        var type = TYPE.matcher(line);
        if (type.matches()) {
            types.put(type.group(1), type.group(2));
            labels.put(type.group(1), new TreeSet<>());
        } else if (!line.startsWith("#")) {
            var name = line.split("[{ ]", 2)[0];
            var known = types.containsKey(name) ? name : SUFFIX.matcher(name).replaceFirst("");
            var family = requireNonNull(labels.get(known), line);
            LABEL.matcher(line)
                    .results()
                    .map(label -> label.group(1))
                    .filter(label -> !label.equals("le"))
                    .forEach(family::add);
        }
    }
}
