package sluice.cli.readiness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import sluice.cli.InvalidInputException;

/** Whatever a run has left in its files, the pages stay what they are. */
class EscapingPropertyTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern ELEMENT = Pattern.compile("<(/?[a-zA-Z!][a-zA-Z0-9]*)");
    private static final List<String> OURS = List.of(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "div",
            "section",
            "h1",
            "h2",
            "p",
            "b",
            "a",
            "ul",
            "li",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "figure",
            "figcaption",
            "img",
            "svg",
            "rect",
            "path",
            "line",
            "text",
            "circle");

    /** Where a text is put, and which. */
    record Injection(int place, String text) {}

    @Provide
    Arbitrary<List<Injection>> injections() {
        Arbitrary<String> texts = Arbitraries.oneOf(
                Arbitraries.of(
                        "<script>alert(1)</script>",
                        "\"><img src=x onerror=alert(1)>",
                        "</style></title><iframe src=//x>",
                        "' onload='alert(1)",
                        "| a | b |\n|---|---|\n# heading",
                        "[click](javascript:alert(1)) ![x](//x) `code` <br>",
                        "\u202Egnp.\u0000\u001b[31m",
                        "PASSED",
                        ""),
                Arbitraries.strings().ofMaxLength(40));
        return Arbitraries.integers()
                .between(0, 10_000)
                .flatMap(place -> texts.map(text -> new Injection(place, text)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Property(tries = 30)
    void noTextBecomesMarkup(@ForAll("injections") List<Injection> injections) throws IOException {
        SortedMap<String, byte[]> files =
                new TreeMap<>(Fixture.allWell().evidence().files());
        for (String path : List.of(
                "run.json",
                "demo.json",
                "tests.json",
                "security/requests.json",
                "security/payloads.json",
                "synthetics/results.json",
                "load/burst.json")) {
            JsonNode document = JSON.readTree(files.get(path));
            inject(document, injections);
            files.put(path, JSON.writeValueAsBytes(document));
        }
        files.put(CommandRun.output("promtool"), injections.getFirst().text().getBytes(UTF_8));

        SortedMap<String, byte[]> pages;
        try {
            pages = new ReadinessPackage(new Evidence(files)).files();
        } catch (InvalidInputException aTimeThatIsNone) {
            assertThat(aTimeThatIsNone).hasMessageContaining("load/burst.json: seconds: at");
            return;
        }
        for (String path : List.of(ReadinessPage.FILE, LoadReport.FILE)) {
            String page = new String(pages.get(path), UTF_8).replaceFirst("<!DOCTYPE html>", "");
            assertThat(ELEMENT.matcher(page)
                            .results()
                            .map(found -> found.group(1).replace("/", "")))
                    .as(path)
                    .isSubsetOf(OURS);
            assertThat(page).doesNotContain("\u202E", "\u0000", "\u001b");
        }
        table(new String(pages.get(SecurityStatement.FILE), UTF_8));
    }

    /** Every line of a table has its four cells and no more, and no markup but our own. */
    private static void table(String statement) {
        List<String> rows =
                statement.lines().filter(line -> line.startsWith("| **")).toList();
        assertThat(rows).hasSize(SecurityChecks.ALL.size());
        assertThat(rows)
                .allSatisfy(
                        row -> assertThat(row.replaceAll("\\\\.", "").chars().filter(letter -> letter == '|'))
                                .hasSize(5));
        assertThat(statement.replaceAll("<br>|</?code>", ""))
                .doesNotContain("<")
                .doesNotContainPattern("(?<!\\\\)\\]\\(");
    }

    private static void inject(JsonNode document, List<Injection> injections) {
        List<Runnable> places = new ArrayList<>();
        for (Injection injection : injections) {
            places.clear();
            collect(document, injection.text(), places);
            if (!places.isEmpty()) {
                places.get(injection.place() % places.size()).run();
            }
        }
    }

    private static void collect(JsonNode node, String text, List<Runnable> places) {
        switch (node) {
            case ObjectNode object ->
                object.properties().forEach(field -> {
                    if (field.getValue().isValueNode()) {
                        places.add(() -> object.set(field.getKey(), new TextNode(text)));
                    } else {
                        collect(field.getValue(), text, places);
                    }
                });
            case ArrayNode array -> array.forEach(each -> collect(each, text, places));
            default -> {}
        }
    }
}
