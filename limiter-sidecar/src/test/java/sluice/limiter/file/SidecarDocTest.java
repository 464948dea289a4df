package sluice.limiter.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sluice.limiter.config.Faults;
import sluice.limiter.config.InvalidConfigException;

/** Holds docs/sidecar.md and the examples to the parser. */
class SidecarDocTest {

    private static final Path DOC = Path.of("../docs/sidecar.md");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\\n(.*?)```");
    private static final Pattern KNOWN = Pattern.compile("(\\S+)\\.nonsense: .*this one knows (.*)\\)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z0-9.\\[\\]]+)` \\|");

    private static String doc() throws IOException {
        return Files.readString(DOC);
    }

    private static List<String> examples() throws IOException {
        return EXAMPLE.matcher(doc()).results().map(match -> match.group(1)).toList();
    }

    @Test
    void everyExampleIsValid() throws IOException {
        assertThat(examples()).hasSize(2).allSatisfy(SidecarFileParser::parse);
        try (var files = Files.list(Path.of("examples"))) {
            var yaml = files.filter(file -> file.toString().endsWith(".yaml")).toList();
            assertThat(yaml).hasSize(2).allSatisfy(file -> SidecarFileParser.parse(Files.readString(file)));
        }
    }

    @Test
    void everyFieldOfTheParserIsInATableAndNoOther() throws IOException {
        var documented =
                ROW.matcher(doc()).results().map(match -> match.group(1)).toList();

        assertThat(documented).doesNotHaveDuplicates();
        assertThat(documented).containsExactlyInAnyOrderElementsOf(leaves(known()));
    }

    /** What the parser knows, as it says itself of a file in which every object has a field too many. */
    private static Collection<String> known() throws IOException {
        var known = new TreeSet<String>();
        // A file has one of the two.
        for (var keys : List.of("jwksSecretRef", "hmacSecretRef")) {
            known.addAll(known(examples().getLast().replace("jwksSecretRef", keys)));
        }
        return known;
    }

    private static Collection<String> known(String example) {
        var root = YamlText.parse(example, new Faults()).root();
        addNonsense(root);
        var known = new TreeSet<String>();
        try {
            SidecarFileParser.parse(root.toString());
        } catch (InvalidConfigException e) {
            for (var fault : e.faults()) {
                var names = KNOWN.matcher("file." + fault.path() + ": " + fault.text());
                assertThat(names.find()).as(fault.toString()).isTrue();
                Arrays.stream(names.group(2).split(", "))
                        .forEach(name -> known.add(generic(names.group(1) + "." + name)));
            }
        }
        return known;
    }

    private static void addNonsense(JsonNode node) {
        if (node instanceof ArrayNode array) {
            array.forEach(SidecarDocTest::addNonsense);
        } else if (node instanceof ObjectNode object && !object.has("X-Client")) {
            object.forEach(SidecarDocTest::addNonsense);
            object.put("nonsense", 1);
        }
    }

    /** As the tables have it: limiters without the word before, lists without a number. */
    private static String generic(String path) {
        return path.replaceAll("\\[\\d+]", "[]")
                .replaceFirst("^file\\.", "")
                .replaceFirst("^(limiter|candidate)\\.", "");
    }

    /** Without what the tables leave out: those that only hold a name, and what is told elsewhere in them. */
    private static Collection<String> leaves(Collection<String> known) {
        return known.stream()
                .filter(path -> !path.matches(".*(costs\\[]\\.match|tiers\\[]\\.(claim|header))\\..*"))
                .filter(path -> Stream.of("secretRef", "SecretRef", "exempt", "timeouts")
                        .noneMatch(path::endsWith))
                .toList();
    }
}
