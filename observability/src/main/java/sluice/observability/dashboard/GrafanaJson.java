package sluice.observability.dashboard;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A dashboard in Grafana's classic schema, as it is imported from a file. The same dashboard gives the same bytes. */
public final class GrafanaJson {

    static final int COLUMNS = 24;
    private static final int SCHEMA = 39;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DefaultPrettyPrinter PRINTER = new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private final Dashboard dashboard;
    private final ArrayNode panels = JSON.createArrayNode();

    private GrafanaJson(Dashboard dashboard) {
        this.dashboard = dashboard;
    }

    /** The file's text. */
    public static String of(Dashboard dashboard) {
        try {
            return JSON.writer(PRINTER).writeValueAsString(new GrafanaJson(dashboard).write()) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode datasource() {
        return JSON.createObjectNode().put("type", "prometheus").put("uid", "${datasource}");
    }

    private ObjectNode write() {
        var root = JSON.createObjectNode();
        root.put("uid", dashboard.uid());
        root.put("title", dashboard.title());
        root.put("description", dashboard.description());
        root.putArray("tags").add("sluice");
        root.put("schemaVersion", SCHEMA);
        root.put("version", 1);
        root.put("editable", true);
        // One crosshair for all panels: what happened together is seen together.
        root.put("graphTooltip", 1);
        root.put("refresh", "30s");
        root.put("timezone", "browser");
        root.putObject("time").put("from", "now-1h").put("to", "now");
        ranges(root);
        root.putObject("templating").set("list", variables());
        root.putObject("annotations").set("list", annotations());
        dashboard.rows().forEach(this::row);
        root.set("panels", panels);
        return root;
    }

    /** The time picker's, and links for a Grafana that has quick ranges of its own. */
    private void ranges(ObjectNode root) {
        var picker = root.putObject("timepicker");
        var quick = picker.putArray("quick_ranges");
        var links = root.putArray("links");
        for (var range : List.of("1h", "24h")) {
            quick.addObject()
                    .put("display", "Last " + range)
                    .put("from", "now-" + range)
                    .put("to", "now");
            links.addObject()
                    .put("type", "link")
                    .put("title", "Last " + range)
                    .put("icon", "bolt")
                    .put("includeVars", true)
                    .put("keepTime", false)
                    .put("url", "/d/" + dashboard.uid() + "?from=now-" + range + "&to=now");
        }
    }

    private ArrayNode variables() {
        var list = JSON.createArrayNode();
        list.addObject()
                .put("type", "datasource")
                .put("name", "datasource")
                .put("label", "Data source")
                .put("query", "prometheus");
        dashboard.variables().forEach(variable -> list.add(variable(variable)));
        return list;
    }

    private static ObjectNode variable(Variable variable) {
        var node = JSON.createObjectNode().put("name", variable.name());
        switch (variable) {
            case Variable.Choice(String _, String label, String query, String value) -> {
                node.put("type", "query").put("label", label);
                node.set("datasource", datasource());
                node.put("query", query).put("definition", query);
                node.put("includeAll", true).put("multi", true).put("allValue", value);
                // Asked again whenever the range changes: a rollout of yesterday is to be found.
                node.put("refresh", 2).put("sort", 1);
                node.putObject("current").put("text", "All").put("value", "$__all");
            }
            case Variable.Text(String _, String label, String value) -> {
                node.put("type", "textbox").put("label", label).put("query", value);
                node.putObject("current").put("text", value).put("value", value);
            }
        }
        return node;
    }

    private ArrayNode annotations() {
        var list = JSON.createArrayNode();
        for (var annotation : dashboard.annotations()) {
            var node = list.addObject().put("name", annotation.name());
            node.set("datasource", datasource());
            node.put("enable", true).put("iconColor", "blue");
            node.put("expr", annotation.promql());
            node.put("titleFormat", annotation.name()).put("textFormat", annotation.text());
            // The value is the moment, so that one between two scrapes is drawn where it was.
            node.put("useValueForTime", true).put("step", "15s");
        }
        return list;
    }

    private void row(Row row) {
        var top = bottom();
        var heading = JSON.createObjectNode().put("id", panels.size() + 1).put("type", "row");
        heading.put("title", row.title()).put("collapsed", false);
        heading.set("gridPos", place(0, top, COLUMNS, 1));
        heading.putArray("panels");
        panels.add(heading);
        var width = COLUMNS / row.panels().size();
        for (var i = 0; i < row.panels().size(); i++) {
            var panel = row.panels().get(i);
            var height = panel.kind() == Panel.Kind.GRAPH ? 9 : 5;
            panels.add(GrafanaPanel.of(panel, panels.size() + 1, place(i * width, top + 1, width, height)));
        }
    }

    private int bottom() {
        var bottom = 0;
        for (var panel : panels) {
            var place = panel.path("gridPos");
            bottom = Math.max(bottom, place.path("y").asInt() + place.path("h").asInt());
        }
        return bottom;
    }

    private static ObjectNode place(int x, int y, int width, int height) {
        return JSON.createObjectNode().put("x", x).put("y", y).put("w", width).put("h", height);
    }
}
