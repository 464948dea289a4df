package sluice.cli.readiness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import sluice.cli.report.OwnFolder;

/** In what a folder is not what this generator writes from its evidence. */
final class Differences {
    private Differences() {}

    /** A sentence for each file, in the order of their paths; none when it is. */
    static List<String> of(Evidence folder) {
        Optional<JsonNode> manifest = folder.json(OwnFolder.MANIFEST);
        if (manifest.isEmpty()) {
            return List.of("there is no " + OwnFolder.MANIFEST + ": no generator has written this folder");
        }
        List<String> differences = new ArrayList<>();
        int generator = manifest.get().path("generator").asInt();
        if (generator != ReadinessPackage.GENERATOR) {
            differences.add("%s: is of generator %d, this is %d"
                    .formatted(OwnFolder.MANIFEST, generator, ReadinessPackage.GENERATOR));
        }
        SortedMap<String, byte[]> written = new ReadinessPackage(folder).files();
        Set<String> listed = new HashSet<>(manifest.get().path("files").findValuesAsText("path"));
        Set<String> all = new TreeSet<>(listed);
        all.addAll(folder.files().keySet());
        all.addAll(written.keySet());
        all.forEach(path -> of(path, folder, written, manifest.get()).ifPresent(differences::add));
        return differences;
    }

    private static Optional<String> of(
            String path, Evidence folder, SortedMap<String, byte[]> written, JsonNode manifest) {
        if (!folder.has(path)) {
            return Optional.of(path + ": is missing");
        }
        if (ReadinessPackage.isWritten(path)) {
            return Arrays.equals(folder.bytes(path).orElseThrow(), written.get(path))
                    ? Optional.empty()
                    : Optional.of(path + ": is not what this generator writes");
        }
        String sha256 = manifest.path("files")
                .valueStream()
                .filter(file -> file.path("path").asText().equals(path))
                .map(file -> file.path("sha256").asText())
                .findFirst()
                .orElse("");
        if (sha256.isEmpty()) {
            return Optional.of(path + ": is not in the manifest");
        }
        return sha256.equals(OwnFolder.sha256(folder.bytes(path).orElseThrow()))
                ? Optional.empty()
                : Optional.of(path + ": is not what was written");
    }
}
