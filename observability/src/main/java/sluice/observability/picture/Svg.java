package sluice.observability.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a picture's elements, one a line. The same calls give the same text. */
final class Svg {

    static final String INK = "#1f2328";
    static final String GREY = "#6a737d";
    static final String FAINT = "#e4e7eb";
    private static final double PER_LETTER = 0.56;

    /** Where a text stands relative to its place. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    private final StringBuilder elements = new StringBuilder();

    void box(Box box, String fill, String stroke) {
        add(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"4\" fill=\"%s\" stroke=\"%s\"/>",
                box.x(),
                box.y(),
                box.width(),
                box.height(),
                fill,
                stroke));
    }

    void line(double x1, double y1, double x2, double y2, String stroke, double width, boolean dashed) {
        add(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>",
                x1,
                y1,
                x2,
                y2,
                stroke,
                width,
                dashes(dashed)));
    }

    /** A line through points {@code x,y}. */
    void path(String points, String stroke, double width, boolean dashed) {
        add(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-linejoin=\"round\"%s/>",
                points,
                stroke,
                width,
                dashes(dashed)));
    }

    private static String dashes(boolean dashed) {
        return dashed ? " stroke-dasharray=\"6 4\"" : "";
    }

    void area(String points, String fill, double opacity) {
        add(String.format(
                Locale.ROOT, "<polygon points=\"%s\" fill=\"%s\" fill-opacity=\"%.2f\"/>", points, fill, opacity));
    }

    void dot(double x, double y, String fill) {
        add(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\" fill=\"%s\"/>", x, y, fill));
    }

    void text(double x, double y, double size, String fill, Anchor anchor, String text) {
        text(x, y, size, fill, anchor, "", text);
    }

    void bold(double x, double y, double size, String fill, Anchor anchor, String text) {
        text(x, y, size, fill, anchor, " font-weight=\"600\"", text);
    }

    private void text(double x, double y, double size, String fill, Anchor anchor, String weight, String text) {
        add(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" fill=\"%s\" text-anchor=\"%s\"%s>%s</text>",
                x,
                y,
                size,
                fill,
                anchor.name().toLowerCase(Locale.ROOT),
                weight,
                escape(text)));
    }

    private void add(String element) {
        elements.append(element).append('\n');
    }

    /** This, and that on top of it. */
    Svg then(Svg other) {
        elements.append(other.elements);
        return this;
    }

    /** The whole file. */
    String document(double width, double height, String title) {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" font-family=\"DejaVu Sans, Verdana, Helvetica, Arial, sans-serif\">\n<title>%s</title>\n",
                        width,
                        height,
                        width,
                        height,
                        escape(title))
                + elements + "</svg>\n";
    }

    /** Lines of at most this width, if no word is wider. */
    static List<String> wrap(String text, double width, double size) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : text.split(" ", -1)) {
            if (!line.isEmpty() && width(line + " " + word, size) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** About how wide a text is. */
    static double width(String text, double size) {
        return text.length() * size * PER_LETTER;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
