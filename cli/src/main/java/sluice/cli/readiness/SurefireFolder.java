package sluice.cli.readiness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import sluice.cli.InvalidInputException;
import sluice.cli.readiness.TestReports.Tally;

/**
 * The reports that {@code ./verify} keeps: {@code run.json} with the commit, and Surefire's files below it. Of these only names and ends of
 * tests are taken, for the rest tells about the machine.
 */
final class SurefireFolder {
    /** Written last: a run that was broken off has none. */
    static final String RUN = "run.json";

    private static final JsonMapper JSON = new JsonMapper();
    private static final XMLInputFactory XML = XMLInputFactory.newDefaultFactory();

    static {
        XML.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        XML.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    }

    private final SortedMap<String, SortedMap<String, Tally>> classes = new TreeMap<>();

    private SurefireFolder() {}

    /**
     * Reads them, as {@link TestReports} has them.
     *
     * @throws InvalidInputException when a file is no report
     */
    static byte[] summary(Path folder) {
        SurefireFolder reports = new SurefireFolder();
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(path -> path.getFileName().toString().matches("TEST-.*\\.xml"))
                    .sorted()
                    .toList();
            for (Path file : files) {
                reports.read(file);
            }
            return reports.written(JSON.readTree(folder.resolve(RUN).toFile()));
        } catch (IOException e) {
            throw new InvalidInputException("--tests: %s cannot be read: %s".formatted(folder, e));
        }
    }

    private void read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = XML.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("testcase")) {
                    String type = String.valueOf(xml.getAttributeValue(null, "classname"));
                    String name = String.valueOf(xml.getAttributeValue(null, "name"));
                    count(type, method(name), end(xml));
                }
            }
        } catch (XMLStreamException e) {
            throw new InvalidInputException("--tests: %s is no report of Surefire: %s".formatted(file, e.getMessage()));
        }
    }

    /** {@code name(Type)[3]} is a run of {@code name}. */
    private static String method(String name) {
        return name.replaceFirst("[\\[({ ].*", "");
    }

    /** What the elements within a test say of its end. A failure that went away when it was tried again is one all the same. */
    private static Tally end(XMLStreamReader xml) throws XMLStreamException {
        Tally end = new Tally(1, 0, 0);
        for (int depth = 1; depth > 0; ) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                depth++;
                end = switch (xml.getLocalName()) {
                    case "failure", "error", "flakyFailure", "flakyError" -> new Tally(0, 1, 0);
                    case "skipped" -> new Tally(0, 0, 1);
                    default -> end;
                };
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            }
        }
        return end;
    }

    private void count(String type, String method, Tally end) {
        classes.computeIfAbsent(type, name -> new TreeMap<>()).merge(method, end, Tally::plus);
    }

    private byte[] written(JsonNode run) throws IOException {
        ObjectNode document = JSON.createObjectNode();
        run.properties().forEach(field -> document.set(field.getKey(), field.getValue()));
        document.set("classes", JSON.valueToTree(classes));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
    }
}
