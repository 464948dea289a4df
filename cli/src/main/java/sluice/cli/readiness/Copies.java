package sluice.cli.readiness;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sluice.cli.report.OwnFolder;

/**
 * The files that a package has from the repository. They are built into this command, so that those in the folder are the repository's and
 * nothing else; what the run was installed from is known by hash.
 */
final class Copies {
    /** The SHA-256 that each had when the run left it, by path. */
    static final String INSTALLED = "definitions/installed.json";

    /** What this version's repository has, by path in the package. */
    static final SortedMap<String, byte[]> SOURCES = sources();

    /** The same as a package has it: the runbook's links lead to what is in the folder. */
    static final SortedMap<String, byte[]> OURS = ours();

    private Copies() {}

    private static SortedMap<String, byte[]> ours() {
        SortedMap<String, byte[]> files = new TreeMap<>(SOURCES);
        files.computeIfPresent(PaperItems.RUNBOOK, (path, bytes) -> RunbookCopy.of(bytes));
        return Collections.unmodifiableSortedMap(files);
    }

    private static SortedMap<String, byte[]> sources() {
        SortedMap<String, byte[]> files = new TreeMap<>();
        List.of("alertmanager.yaml", "rules.yaml", "synthetics.yaml")
                .forEach(name -> put(files, "definitions/alerts/" + name));
        List.of("blackbox.yaml", "scrape.yaml", "synthetics.json")
                .forEach(name -> put(files, "definitions/synthetics/" + name));
        MonitoringItems.DASHBOARDS.forEach(name -> put(files, MonitoringItems.definition(name)));
        files.put("definitions/crd.yaml", read("crds/ratelimitrollouts.sluice.dev.yaml"));
        put(files, PaperItems.RUNBOOK);
        return Collections.unmodifiableSortedMap(files);
    }

    private static void put(SortedMap<String, byte[]> files, String path) {
        files.put(path, read(path));
    }

    private static byte[] read(String path) {
        try (InputStream file = Copies.class.getResourceAsStream("copies/" + path)) {
            if (file == null) {
                throw new IllegalStateException("the build has left out " + path);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of each file that the run has left, this version's; and what the run's own were. */
    static SortedMap<String, byte[]> of(Evidence evidence) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        ObjectNode installed = JsonNodeFactory.instance.objectNode();
        OURS.forEach((path, bytes) -> {
            String sha256 = installed(evidence, path);
            if (!sha256.isEmpty()) {
                installed.put(path, sha256);
                files.put(path, bytes);
            }
        });
        files.put(INSTALLED, (installed.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        return files;
    }

    private static String installed(Evidence evidence, String path) {
        return evidence.json(INSTALLED)
                .map(installed -> installed.path(path).asText())
                .orElseGet(() -> evidence.bytes(path).map(OwnFolder::sha256).orElse(""));
    }

    /** Those of a package that are others now than the run was installed from. */
    static List<String> changed(Evidence evidence) {
        return SOURCES.entrySet().stream()
                .filter(file -> evidence.has(file.getKey()))
                .filter(file -> !installed(evidence, file.getKey()).equals(OwnFolder.sha256(file.getValue())))
                .map(Map.Entry::getKey)
                .toList();
    }
}
