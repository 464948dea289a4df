package sluice.cli.report;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A piece of HTML or SVG. Whatever becomes part of one goes through {@link #text} or {@link #element}, which escape: there is no way to
 * put in markup that somebody else has written.
 */
public final class Markup {
    public static final Markup NOTHING = new Markup("");
    private static final List<String> WITHOUT_END = List.of("meta", "link", "br", "hr");

    private final String written;

    private Markup(String written) {
        this.written = written;
    }

    /** Text as people read it, redacted, and what cannot be seen made visible. */
    public static Markup text(String text) {
        return new Markup(escaped(text));
    }

    /**
     * An element.
     *
     * @param attributes by name; written in alphabetical order
     */
    public static Markup element(String name, Map<String, String> attributes, Markup... content) {
        StringBuilder text = new StringBuilder("<").append(name);
        new TreeMap<>(attributes)
                .forEach((key, value) -> text.append(' ')
                        .append(key)
                        .append("=\"")
                        .append(escaped(value))
                        .append('"'));
        text.append('>');
        if (!WITHOUT_END.contains(name)) {
            Arrays.stream(content).forEach(part -> text.append(part.written));
            text.append("</").append(name).append('>');
        }
        return new Markup(text.toString());
    }

    public static Markup element(String name, Markup... content) {
        return element(name, Map.of(), content);
    }

    public static Markup element(String name, String text) {
        return element(name, text(text));
    }

    /** A whole page. */
    public static Markup document(Markup html) {
        return new Markup("<!DOCTYPE html>\n" + html.written);
    }

    /** A style sheet of our own. */
    public static Markup style(String css) {
        return new Markup("<style>" + css + "</style>");
    }

    /** An SVG as a picture within the page. A browser runs nothing that is in a picture, and Base64 has no quotes. */
    public static Markup picture(byte[] svg, String says) {
        return new Markup("<img alt=\"%s\" src=\"data:image/svg+xml;base64,%s\">"
                .formatted(escaped(says), Base64.getEncoder().encodeToString(svg)));
    }

    /** One after the other, each on a line of its own. */
    public static Markup all(List<Markup> parts) {
        return new Markup(parts.stream().map(part -> part.written).collect(Collectors.joining("\n")));
    }

    public static Markup all(Markup... parts) {
        return all(List.of(parts));
    }

    /** A row of a table. */
    public static Markup row(String cell, Markup... cells) {
        return element(
                "tr", all(Arrays.stream(cells).map(each -> element(cell, each)).toList()));
    }

    /** A table of texts. */
    public static Markup table(List<String> head, List<List<Markup>> rows) {
        Markup heading = row("th", head.stream().map(Markup::text).toArray(Markup[]::new));
        return element(
                "table",
                element("thead", heading),
                element(
                        "tbody",
                        all(rows.stream()
                                .map(cells -> row("td", cells.toArray(Markup[]::new)))
                                .toList())));
    }

    private static String escaped(String text) {
        return Redaction.visible(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return written;
    }
}
