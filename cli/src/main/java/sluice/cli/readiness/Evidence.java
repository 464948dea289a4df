package sluice.cli.readiness;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sluice.cli.InvalidInputException;

/** The files that a run has left, by path. Everything that the package says is read from these and from nothing else. */
final class Evidence {
    /** Where the run says why it could not leave something: a JSON object with {@code name} and {@code why} a line. */
    static final String MISSING = "missing.jsonl";

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){0,5}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final YAMLMapper YAML = new YAMLMapper();

    private final SortedMap<String, byte[]> files;

    Evidence(SortedMap<String, byte[]> files) {
        this.files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /**
     * Reads a folder.
     *
     * @throws InvalidInputException when it is none, or has something in it that is neither a folder nor a file with a plain name
     */
    static Evidence of(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException(folder + ": is no folder");
        }
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(each -> !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                files.put(name(folder, path), Files.readAllBytes(path));
            }
        } catch (IOException e) {
            throw new InvalidInputException(folder + ": cannot be read: " + e);
        }
        return new Evidence(files);
    }

    private static String name(Path folder, Path path) {
        String name = folder.relativize(path).toString();
        if (!PATH.matcher(name).matches() || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new InvalidInputException(
                    "%s: has '%s'; evidence is plain files named with letters, digits, '.', '_' and '-'"
                            .formatted(folder, name));
        }
        return name;
    }

    SortedMap<String, byte[]> files() {
        return files;
    }

    /**
     * Looks whether each file is of the kind that its name says; of plain text nothing can be said.
     *
     * @throws InvalidInputException naming the first that is not
     */
    void requireReadable() {
        for (String path : files.keySet()) {
            if (path.endsWith(".json")) {
                json(path);
            } else if (path.endsWith(".ndjson") || path.endsWith(".jsonl")) {
                lines(path);
            } else if (path.endsWith(".yaml")) {
                requireYaml(path);
            }
        }
    }

    private void requireYaml(String path) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text(path).orElseThrow())) {
            while (documents.hasNextValue()) {
                JsonNode document = documents.nextValue();
                if (!document.isObject() && !document.isNull() && !document.isMissingNode()) {
                    throw new InvalidInputException(path + ": is no YAML of objects");
                }
            }
        } catch (IOException e) {
            throw new InvalidInputException(path + ": is no YAML: " + e.getMessage());
        }
    }

    boolean has(String path) {
        return files.containsKey(path);
    }

    /** The files of a folder that end like that, by path. */
    List<String> under(String folder, String end) {
        return files.keySet().stream()
                .filter(path -> path.startsWith(folder + "/") && path.endsWith(end))
                .toList();
    }

    Optional<byte[]> bytes(String path) {
        return Optional.ofNullable(files.get(path));
    }

    Optional<String> text(String path) {
        return bytes(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /**
     * A document, empty where there is no such file.
     *
     * @throws InvalidInputException when it is no JSON
     */
    Optional<JsonNode> json(String path) {
        return text(path).map(text -> parsed(path, text));
    }

    private static JsonNode parsed(String path, String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new InvalidInputException(path + ": is no JSON: " + e.getMessage());
        }
    }

    /** The documents of a file that has one a line; none where there is no such file. */
    List<JsonNode> lines(String path) {
        return text(path).stream()
                .flatMap(String::lines)
                .filter(line -> !line.isBlank())
                .map(line -> parsed(path, line))
                .toList();
    }

    /** What the run has said of itself: its commit, when it ended, how. Everything in it may be missing. */
    JsonNode run() {
        return json("run.json").orElse(MissingNode.getInstance());
    }

    String commit() {
        return run().path("commit").asText();
    }

    /** Why something is not there, as the run has said it. */
    String whyMissing(String name, String otherwise) {
        return lines(MISSING).stream()
                .filter(line -> line.path("name").asText().equals(name))
                .map(line -> line.path("why").asText())
                .findFirst()
                .orElse(otherwise);
    }
}
