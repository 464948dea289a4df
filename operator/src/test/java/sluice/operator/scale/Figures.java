package sluice.operator.scale;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What was measured: printed on one line, and kept as JSON in {@code target/scale} for bench/run. */
final class Figures {

    private static final Path FOLDER = Path.of("target", "scale");
    private static final JsonMapper JSON = new JsonMapper();

    private Figures() {}

    static void keep(String name, Map<String, ?> figures) {
        try {
            Files.createDirectories(FOLDER);
            var text = JSON.writeValueAsString(figures);
            Files.writeString(FOLDER.resolve(name + ".json"), text);
            System.out.println("Figures, " + name + ": " + text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The smallest value that at least this share of all does not exceed. */
    static long percentile(Collection<Long> values, double share) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    static Map<String, Long> summary(Collection<Long> millis) {
        return Map.of(
                "p50", percentile(millis, 0.5),
                "p99", percentile(millis, 0.99),
                "max", percentile(millis, 1));
    }
}
