package sluice.cli.readiness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sluice.cli.report.OwnFolder;

/**
 * The whole folder: the evidence as it came, and beside it what is drawn from it, the pages that say what it shows, and the repository's own
 * files. All that is written is written from the evidence and this version alone, so that the same evidence gives the same bytes, and so that
 * whoever has the folder can have it written again.
 */
final class ReadinessPackage {
    /** Grows with every change of what is written; a folder says which it was written by. */
    static final int GENERATOR = 13;

    static final List<String> PAGES =
            List.of(ReadinessPage.FILE, SecurityStatement.FILE, LoadReport.FILE, OwnFolder.MANIFEST);

    private final Evidence evidence;
    private final ReadinessPage page;
    private final SecurityStatement security;
    private final LoadReport load;

    /**
     * Of a folder's files; what is written is left out, and written.
     *
     * @throws InvalidInputException naming a file that cannot be read
     */
    ReadinessPackage(Evidence files) {
        SortedMap<String, byte[]> all = new TreeMap<>(files.files());
        all.keySet().removeIf(ReadinessPackage::isWritten);
        all.putAll(Copies.of(files));
        all.putAll(Redrawn.of(files));
        this.evidence = new Evidence(all);
        evidence.requireReadable();
        this.security = new SecurityStatement(evidence, SecurityChecks.ALL);
        this.load = new LoadReport(evidence);
        this.page = new ReadinessPage(evidence, items());
    }

    /** Whether a file is written from others, or has come with this version. */
    static boolean isWritten(String path) {
        return PAGES.contains(path) || Copies.OURS.containsKey(path) || Redrawn.isDrawn(path);
    }

    private List<Item> items() {
        List<Item> items = new ArrayList<>(new DemoItems(evidence).all());
        items.add(load.item());
        items.add(TestsItem.of(evidence));
        items.add(security.item());
        items.addAll(new MonitoringItems(evidence).all());
        items.addAll(new CommitItems(evidence).all());
        items.addAll(new PaperItems(evidence).all());
        return items;
    }

    Outcome outcome() {
        return page.outcome();
    }

    List<Item> failed() {
        return page.failed();
    }

    String headline() {
        return page.headline();
    }

    /** Every file by its path, the manifest with the hashes of the others included. */
    SortedMap<String, byte[]> files() {
        SortedMap<String, byte[]> files = new TreeMap<>(evidence.files());
        files.put(ReadinessPage.FILE, bytes(page.markup() + "\n"));
        files.put(SecurityStatement.FILE, bytes(security.markdown()));
        files.put(LoadReport.FILE, bytes(load.page() + "\n"));
        ObjectNode manifest = OwnFolder.manifest(files)
                .put("generator", GENERATOR)
                .put("commit", evidence.commit())
                .put("date", evidence.run().path("finishedAt").asText());
        files.put(OwnFolder.MANIFEST, bytes(written(manifest)));
        return files;
    }

    private static String written(ObjectNode manifest) {
        try {
            return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree cannot be written", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
