package sluice.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in the repository that is made from the classes: checked by default, written with {@code -Dcrds.write=true}. */
record GeneratedFile(Path path) {

    static final String HOW_TO_UPDATE =
            "To update: mvn -pl operator -am test -Dtests='**/GeneratedFilesTest.java' -Dcrds.write=true";

    /** A path from the repository's root. Tests run in the module's folder. */
    static GeneratedFile at(String path) {
        return new GeneratedFile(Path.of("..").resolve(path));
    }

    void holds(String expected) throws IOException {
        if (Boolean.getBoolean("crds.write")) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, expected);
        }
        assertThat(path).as("generated file, see: %s", HOW_TO_UPDATE).exists();
        assertThat(path)
                .as("%s does not match the classes. %s", path.normalize(), HOW_TO_UPDATE)
                .hasContent(expected);
    }
}
