package sluice.observability.picture;

import java.util.ArrayList;
import java.util.List;

/** Cuts a line where data are missing: what is not known is not drawn. */
final class Pieces {

    private Pieces() {}

    /** The runs of finite points that are at most {@code longest} seconds apart. */
    static List<List<Point>> of(List<Point> points, double longest) {
        var pieces = new ArrayList<List<Point>>();
        var piece = new ArrayList<Point>();
        for (var point : points) {
            var cut = !Double.isFinite(point.value())
                    || (!piece.isEmpty() && point.at() - piece.getLast().at() > longest);
            if (cut && !piece.isEmpty()) {
                pieces.add(List.copyOf(piece));
                piece.clear();
            }
            if (Double.isFinite(point.value())) {
                piece.add(point);
            }
        }
        if (!piece.isEmpty()) {
            pieces.add(List.copyOf(piece));
        }
        return pieces;
    }
}
