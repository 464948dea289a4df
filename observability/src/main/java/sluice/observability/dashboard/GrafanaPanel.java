package sluice.observability.dashboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import sluice.observability.dashboard.Panel.Kind;

/** One panel in Grafana's classic schema. */
final class GrafanaPanel {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FILL = 10;

    private GrafanaPanel() {}

    static ObjectNode of(Panel panel, int id, ObjectNode place) {
        var node = JSON.createObjectNode();
        node.put("id", id);
        node.put("type", panel.kind() == Kind.GRAPH ? "timeseries" : "stat");
        node.put("title", panel.title());
        node.put("description", panel.description());
        node.set("datasource", GrafanaJson.datasource());
        node.set("gridPos", place);
        node.set("targets", targets(panel));
        node.set("fieldConfig", fields(panel));
        node.set("options", panel.kind() == Kind.GRAPH ? graph() : number(panel));
        return node;
    }

    private static ArrayNode targets(Panel panel) {
        var targets = JSON.createArrayNode();
        for (var i = 0; i < panel.queries().size(); i++) {
            var query = panel.queries().get(i);
            var target = targets.addObject().put("refId", refId(i));
            target.set("datasource", GrafanaJson.datasource());
            target.put("expr", query.promql());
            target.put("legendFormat", query.legend());
            target.put("range", panel.kind() == Kind.GRAPH).put("instant", panel.kind() != Kind.GRAPH);
        }
        return targets;
    }

    private static String refId(int index) {
        return String.valueOf((char) ('A' + index));
    }

    private static ObjectNode fields(Panel panel) {
        var config = JSON.createObjectNode();
        var defaults = config.putObject("defaults");
        defaults.put("unit", panel.unit().grafana());
        defaults.putObject("color").put("mode", panel.kind() == Kind.GRAPH ? "palette-classic" : "thresholds");
        defaults.set("thresholds", thresholds(panel));
        if (panel.kind() == Kind.GRAPH) {
            defaults.set("custom", lines(panel));
        }
        config.set("overrides", overrides(panel));
        return config;
    }

    private static ObjectNode thresholds(Panel panel) {
        var thresholds = JSON.createObjectNode().put("mode", "absolute");
        var steps = thresholds.putArray("steps");
        if (panel.thresholds().stream().noneMatch(Threshold::isBase)) {
            // Where nothing is said of good and bad, nothing is green.
            var base = panel.thresholds().isEmpty() ? "blue" : Threshold.Level.GOOD.color();
            steps.addObject().put("color", base).putNull("value");
        }
        for (var threshold : panel.thresholds()) {
            var step = steps.addObject().put("color", threshold.level().color());
            if (threshold.isBase()) {
                step.putNull("value");
            } else {
                step.put("value", threshold.from());
            }
        }
        return thresholds;
    }

    private static ObjectNode lines(Panel panel) {
        var custom = JSON.createObjectNode().put("drawStyle", "line").put("lineWidth", 1);
        custom.put("fillOpacity", FILL).put("showPoints", "never").put("spanNulls", false);
        if (panel.unit() != Unit.TIMES) {
            // Soft, because a difference may be below 0.
            custom.put("axisSoftMin", 0);
        }
        custom.putObject("thresholdsStyle").put("mode", panel.thresholds().isEmpty() ? "off" : "dashed");
        return custom;
    }

    /** A limit is a red dashed line without a filling. */
    private static ArrayNode overrides(Panel panel) {
        var overrides = JSON.createArrayNode();
        for (var i = 0; i < panel.queries().size(); i++) {
            if (panel.queries().get(i).limit()) {
                var override = overrides.addObject();
                override.putObject("matcher").put("id", "byFrameRefID").put("options", refId(i));
                var properties = override.putArray("properties");
                var dash = JSON.createObjectNode().put("fill", "dash");
                dash.putArray("dash").add(8).add(6);
                properties.addObject().put("id", "custom.lineStyle").set("value", dash);
                properties.addObject().put("id", "custom.fillOpacity").put("value", 0);
                properties
                        .addObject()
                        .put("id", "color")
                        .set(
                                "value",
                                JSON.createObjectNode().put("mode", "fixed").put("fixedColor", "red"));
            }
        }
        return overrides;
    }

    private static ObjectNode graph() {
        var options = JSON.createObjectNode();
        var legend = options.putObject("legend");
        legend.put("displayMode", "table").put("placement", "bottom").put("showLegend", true);
        legend.putArray("calcs").add("lastNotNull").add("max");
        options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
        return options;
    }

    private static ObjectNode number(Panel panel) {
        var options = JSON.createObjectNode();
        options.put("colorMode", "background").put("graphMode", panel.kind() == Kind.NAME ? "none" : "area");
        options.put("textMode", panel.kind() == Kind.NAME ? "name" : "auto");
        var reduce = options.putObject("reduceOptions");
        reduce.putArray("calcs").add("lastNotNull");
        reduce.put("fields", "").put("values", false);
        return options;
    }
}
