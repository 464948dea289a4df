package sluice.observability.dashboard;

import java.util.List;

/** Panels beside each other, equally wide; at most four. */
public record Row(String title, List<Panel> panels) {

    private static final int MOST = 4;

    public Row {
        if (panels.isEmpty() || panels.size() > MOST) {
            throw new IllegalArgumentException(title + " needs 1 to " + MOST + " panels");
        }
    }

    static Row of(String title, Panel... panels) {
        return new Row(title, List.of(panels));
    }
}
