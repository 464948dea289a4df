package sluice.cli.readiness;

import sluice.cli.report.Redaction;

/** Text of others in a cell of a table in Markdown: it stays in its cell, and is neither a link nor markup. */
final class MarkdownCell {
    private MarkdownCell() {}

    static String of(String text) {
        return html(line(text)).replaceAll("([\\\\`*_\\[\\]#~|!])", "\\\\$1");
    }

    /** Text that is shown as it is typed. */
    static String code(String text) {
        return "<code>" + html(line(text)).replace("|", "&#124;").replaceAll("([\\\\`*_\\[\\]~!])", "\\\\$1")
                + "</code>";
    }

    private static String line(String text) {
        return Redaction.visible(text).replaceAll("\\s+", " ").strip();
    }

    private static String html(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
