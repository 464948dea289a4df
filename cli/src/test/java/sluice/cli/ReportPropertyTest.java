package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever somebody has written into a rollout, its report is safe to open and to pass on, and always the same. */
class ReportPropertyTest {
    private static final String SECRET = "hunter2secret";

    /** Where a text is put, and which. */
    record Injection(int place, String text) {}

    @Provide
    Arbitrary<List<Injection>> injections() {
        var texts = Arbitraries.of(
                "<script>alert(1)</script>",
                "\"><svg onload=alert(1)>",
                "</style></title><img src=x onerror=alert(1)>",
                "redis://user:" + SECRET + "@redis:6379 refused",
                "Authorization: Bearer " + SECRET,
                "> Authorization: Token " + SECRET,
                "Authorization: Bearer 17|" + SECRET,
                "Cookie: theme=dark; session=" + SECRET,
                "PGPASSWORD=" + SECRET,
                "AWS_SECRET_ACCESS_KEY=" + SECRET,
                "?token=" + SECRET,
                "{\"password\": \"" + SECRET + "\"}",
                "eyJ" + SECRET + ".eyJ" + SECRET + ".sig",
                "\u202Egnp.\u0000\u001b[31m",
                "2026-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59Z",
                "-1",
                "../../../etc/passwd",
                "");
        return Arbitraries.integers()
                .between(0, 10_000)
                .flatMap(place -> texts.map(text -> new Injection(place, text)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Property(tries = 50)
    void nothingThatIsWrittenIntoARolloutHasAnyPower(@ForAll("injections") List<Injection> injections)
            throws IOException {
        Path folder = Files.createTempDirectory("report");
        try {
            JsonNode resource = new YAMLMapper().readTree(SavedRollout.ROLLED_BACK);
            inject(resource, injections);
            var saved = Files.writeString(folder.resolve("saved.json"), resource.toString());
            var first = report(saved, folder.resolve("first"));
            assertThat(report(saved, folder.resolve("second"))).isEqualTo(first);
            first.forEach((path, text) -> assertThat(text)
                    .as(path)
                    .doesNotContain(SECRET, "<script", "<img", "onload=alert(1)>", "\u202E", "\u001b"));
        } finally {
            remove(folder);
        }
    }

    private static SortedMap<String, String> report(Path saved, Path out) throws IOException {
        var run = Run.of("report", "-f", saved.toString(), "--out", out.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).doesNotContain(SECRET);
        SortedMap<String, String> files = new TreeMap<>();
        try (var all = Files.walk(out)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                files.put(out.relativize(path).toString(), Files.readString(path));
            }
        }
        assertThat(files).containsKeys("index.html", "manifest.json", "resource.json");
        return files;
    }

    /** Texts take the place of others, in status and spec; a resource's own name is what an API server makes sure of. */
    private static void inject(JsonNode resource, List<Injection> injections) {
        for (Injection injection : injections) {
            List<Runnable> places = new ArrayList<>();
            places(resource.path("status"), injection.text(), places);
            places(resource.path("spec"), injection.text(), places);
            places.get(injection.place() % places.size()).run();
        }
        // Without a phase there is no status.
        if (resource.path("status").path("phase").asText().isEmpty()) {
            ((ObjectNode) resource.path("status")).put("phase", "RolledBack");
        }
    }

    private static void places(JsonNode node, String text, List<Runnable> places) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (field.getValue().isTextual()) {
                    places.add(() -> object.put(field.getKey(), text));
                }
                places(field.getValue(), text, places);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                if (array.path(i).isTextual()) {
                    places.add(() -> array.set(at, TextNode.valueOf(text)));
                }
                places(array.path(i), text, places);
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
