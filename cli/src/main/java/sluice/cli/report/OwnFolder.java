package sluice.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import sluice.cli.ExitCode;
import sluice.cli.FailureException;
import sluice.cli.InvalidInputException;

/** A folder that holds a report and nothing else. It is there whole or not at all: it is written beside its place, then renamed. */
public final class OwnFolder {
    public static final String MANIFEST = "manifest.json";
    private static final String KIND = "sluice-report";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path place;

    /**
     * The folder of that name.
     *
     * @throws InvalidInputException when there is something that no report has written, which would be lost
     */
    public OwnFolder(Path place) {
        this.place = place.toAbsolutePath().normalize();
        foreign().ifPresent(file -> {
            throw new InvalidInputException(
                    "--out: %s has %s, which no report has written; name another folder, or remove it yourself"
                            .formatted(place, file));
        });
    }

    /** What a manifest says of the files: it has their hashes, and is the proof of whose folder it is. */
    public static ObjectNode manifest(SortedMap<String, byte[]> files) {
        ObjectNode manifest = JSON.createObjectNode().put("kind", KIND);
        ArrayNode list = manifest.putArray("files");
        files.forEach((path, bytes) ->
                list.addObject().put("path", path).put("bytes", bytes.length).put("sha256", sha256(bytes)));
        return manifest;
    }

    /** In hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Something in the folder that is not a report's. */
    private Optional<String> foreign() {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of("a file in its place");
        }
        Set<String> own = listed();
        try (Stream<Path> all = Files.walk(place)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> place.relativize(path).toString())
                    .filter(path -> !own.contains(path))
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            throw new InvalidInputException("--out: " + place + " cannot be read: " + e);
        }
    }

    /** What the manifest that is there lists, itself included; nothing when there is none. */
    private Set<String> listed() {
        try {
            JsonNode manifest = JSON.readTree(place.resolve(MANIFEST).toFile());
            if (!KIND.equals(manifest.path("kind").asText())) {
                return Set.of();
            }
            Set<String> listed = new HashSet<>(manifest.path("files").findValuesAsText("path"));
            listed.add(MANIFEST);
            return listed;
        } catch (IOException noManifest) {
            return Set.of();
        }
    }

    /**
     * Puts files in the place of those that are there.
     *
     * @throws FailureException when they cannot be written; what was there is then still there
     */
    public void write(SortedMap<String, byte[]> files) {
        Path next = beside("new");
        Path before = beside("old");
        try {
            remove(next);
            Files.createDirectories(next);
            for (var file : files.entrySet()) {
                Path path = next.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
            exchange(next, before);
            remove(before);
        } catch (IOException e) {
            throw new FailureException(ExitCode.FAILED, "--out: " + place + " cannot be written: " + e);
        } finally {
            remove(next);
        }
    }

    private void exchange(Path next, Path before) throws IOException {
        boolean replaces = Files.exists(place);
        if (replaces) {
            Files.move(place, before, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(next, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (replaces) {
                Files.move(before, place, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }

    private Path beside(String what) {
        return place.resolveSibling(".%s.%s-%d"
                .formatted(place.getFileName(), what, ProcessHandle.current().pid()));
    }

    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new FailureException(ExitCode.FAILED, "--out: " + folder + " cannot be removed: " + e);
        }
    }
}
