package sluice.observability.picture;

import sluice.observability.picture.Svg.Anchor;

/** What the lines of a graph are called, and their newest values. */
record Legend(PanelLines panel, double width) {

    private static final double LINE = 15;
    private static final double SIZE = 10;
    /** For the mark and the value of an entry. */
    private static final double BESIDE_NAME = 100;

    private static final int MOST = 8;

    double height() {
        return LINE * (Math.ceilDiv(shown(), columns()) + (panel.lines().size() > shown() ? 1 : 0));
    }

    private int shown() {
        return Math.min(panel.lines().size(), MOST);
    }

    /** Two entries beside each other, if there is room for their names. */
    private int columns() {
        var longest = panel.lines().stream()
                .mapToDouble(line -> Svg.width(line.name(), SIZE))
                .max()
                .orElse(0);
        return longest + BESIDE_NAME <= width / 2 ? 2 : 1;
    }

    void draw(Svg svg, double left, double top) {
        var column = width / columns();
        for (var i = 0; i < shown(); i++) {
            var row = i / columns();
            entry(svg, left + i % columns() * column, top + row * LINE, column, i);
        }
        if (panel.lines().size() > shown()) {
            var more = "and " + (panel.lines().size() - shown()) + " more";
            svg.text(left, top + Math.ceilDiv(shown(), columns()) * LINE, SIZE, Svg.GREY, Anchor.START, more);
        }
    }

    private void entry(Svg svg, double x, double y, double column, int index) {
        var line = panel.lines().get(index);
        svg.line(x, y - 3.5, x + 14, y - 3.5, Colors.of(line, index), 3, line.limit());
        svg.text(x + 19, y, SIZE, Svg.INK, Anchor.START, line.name());
        var last = line.last().isPresent()
                ? panel.panel().unit().format(line.last().getAsDouble())
                : "–";
        svg.text(x + column - 12, y, SIZE, Svg.GREY, Anchor.END, last);
    }
}
