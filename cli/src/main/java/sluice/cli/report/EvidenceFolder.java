package sluice.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files of a report before they are written, by path. Everything in them is redacted; nothing in them can be taken for markup. */
final class EvidenceFolder {
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}");
    private static final JsonMapper JSON = new JsonMapper();
    private static final DefaultIndenter UNIX = new DefaultIndenter("  ", "\n");
    private static final ObjectWriter PRETTY =
            writer().with(new DefaultPrettyPrinter().withObjectIndenter(UNIX).withArrayIndenter(UNIX));
    private static final ObjectWriter LINE = writer();

    private final SortedMap<String, byte[]> files;
    private final String under;

    private EvidenceFolder(SortedMap<String, byte[]> files, String under) {
        this.files = files;
        this.under = under;
    }

    EvidenceFolder() {
        this(new TreeMap<>(), "");
    }

    /** A part of the same folder. */
    EvidenceFolder folder(String name) {
        return new EvidenceFolder(files, under + name + "/");
    }

    /** A page or a picture. */
    void add(String path, Markup markup) {
        put(path, markup + "\n");
    }

    /** A document. */
    void add(String path, JsonNode document) {
        put(path, written(PRETTY, Redaction.of(document)) + "\n");
    }

    /** A document a line. */
    void addLines(String path, List<JsonNode> documents) {
        StringBuilder text = new StringBuilder();
        documents.forEach(each -> text.append(written(LINE, Redaction.of(each))).append('\n'));
        put(path, text.toString());
    }

    /** Rows of cells; one that is neither a figure nor a plain word is written as JSON writes it. */
    void addTable(String path, List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(
                        String.join(",", row.stream().map(EvidenceFolder::cell).toList()))
                .append('\n'));
        put(path, text.toString());
    }

    static String cell(String text) {
        String clean = Redaction.of(text);
        return clean.matches("[A-Za-z0-9.:_-]*") ? clean : quoted(clean);
    }

    /** A text as JSON writes it, quotes and all. */
    static String quoted(String text) {
        return written(LINE, JSON.getNodeFactory().textNode(text));
    }

    private void put(String path, String text) {
        String whole = under + path;
        if (!PATH.matcher(whole).matches() || files.containsKey(whole)) {
            throw new IllegalArgumentException("no path for a file, or one that is taken: " + quoted(whole));
        }
        files.put(whole, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Every file by its path from the top of the folder. */
    SortedMap<String, byte[]> files() {
        return files;
    }

    private static String written(ObjectWriter writer, JsonNode document) {
        try {
            return writer.writeValueAsString(sorted(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree cannot be written", e);
        }
    }

    /** Fields in alphabetical order, so that it does not matter how they came. */
    static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            SortedMap<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            ObjectNode result = JSON.createObjectNode();
            return result.setAll(fields);
        }
        if (node.isArray()) {
            var result = JSON.createArrayNode();
            node.forEach(each -> result.add(sorted(each)));
            return result;
        }
        return node;
    }

    private static ObjectWriter writer() {
        JsonMapper mapper =
                JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        mapper.getFactory().setCharacterEscapes(new WithoutMarkup());
        return mapper.writer();
    }

    /** A document that somebody's browser takes for a page shows no page. */
    private static final class WithoutMarkup extends CharacterEscapes {
        private static final int[] ASCII = escapes();

        private static int[] escapes() {
            int[] escapes = CharacterEscapes.standardAsciiEscapesForJSON();
            escapes['<'] = CharacterEscapes.ESCAPE_STANDARD;
            escapes['>'] = CharacterEscapes.ESCAPE_STANDARD;
            escapes['&'] = CharacterEscapes.ESCAPE_STANDARD;
            return escapes;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ASCII.clone();
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return new SerializedString("\\u%04x".formatted(character));
        }
    }
}
