package sluice.cli.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.cli.InvalidInputException;

class OwnFolderTest {
    @TempDir
    private Path above = Path.of("");

    private Path place = Path.of("");

    @BeforeEach
    void name() {
        place = above.resolve("report");
    }

    private static EvidenceFolder files(String... names) {
        var files = new EvidenceFolder();
        for (String name : names) {
            files.folder("data").add(name, JsonNodeFactory.instance.textNode(name));
        }
        files.add(OwnFolder.MANIFEST, OwnFolder.manifest(files.files()));
        return files;
    }

    @Test
    void replacesAReportAndLeavesNothingOfIt() throws IOException {
        new OwnFolder(place).write(files("a.json", "b.json").files());
        new OwnFolder(place).write(files("c.json").files());

        try (var all = Files.walk(place)) {
            assertThat(all.filter(Files::isRegularFile)
                            .map(path -> place.relativize(path).toString()))
                    .containsExactlyInAnyOrder("data/c.json", "manifest.json");
        }
        try (var beside = Files.list(above)) {
            assertThat(beside).containsExactly(place);
        }
        assertThat(place.resolve("manifest.json"))
                .content()
                .contains("\"bytes\" : 9")
                .contains("\"sha256\" : \"7bb2aa9ac3ba6bbf0e0413de27c730e45294000c9896f2ec342b6f0b132d7e7f\"");
    }

    @Test
    void refusesAFolderWithSomethingElse() throws IOException {
        new OwnFolder(place).write(files("a.json").files());
        Files.writeString(place.resolve("data/mine.txt"), "mine");
        assertThatThrownBy(() -> new OwnFolder(place))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has data/mine.txt, which no report has written");
        assertThat(place.resolve("data/mine.txt")).hasContent("mine");
    }

    @Test
    void refusesAnotherToolsFolderAndAFile() throws IOException {
        Files.createDirectories(place);
        Files.writeString(place.resolve("manifest.json"), "{\"files\":[{\"path\":\"manifest.json\"}]}");
        assertThatThrownBy(() -> new OwnFolder(place)).hasMessageContaining("has manifest.json");
        var file = Files.write(above.resolve("file"), "x".getBytes(UTF_8));
        assertThatThrownBy(() -> new OwnFolder(file)).hasMessageContaining("has a file in its place");
    }

    @Test
    void takesAnEmptyFolder() throws IOException {
        Files.createDirectories(place);
        new OwnFolder(place).write(files("a.json").files());
        assertThat(place.resolve("data/a.json")).hasContent("\"a.json\"");
    }
}
