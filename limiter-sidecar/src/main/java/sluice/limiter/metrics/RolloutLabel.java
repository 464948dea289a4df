package sluice.limiter.metrics;

/**
 * Adds the label {@code rollout} to every sample of a Prometheus text. It is done to the text because meters are made, also by Redis's
 * client, before the first configuration says which rollout this is.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition formats</a>
 */
final class RolloutLabel {

    private RolloutLabel() {}

    static String addTo(String text, String rollout) {
        if (rollout.isEmpty()) {
            return text;
        }
        var label = "rollout=\"" + escaped(rollout) + '"';
        var result = new StringBuilder(text.length() * 3 / 2);
        text.lines().forEach(line -> addToLine(line, label, result));
        return result.toString();
    }

    private static void addToLine(String line, String label, StringBuilder result) {
        if (line.isEmpty() || line.charAt(0) == '#') {
            result.append(line).append('\n');
            return;
        }
        var name = endOfName(line);
        result.append(line, 0, name).append('{').append(label);
        if (line.charAt(name) == '{') {
            result.append(',').append(line, name + 1, line.length());
        } else {
            result.append('}').append(line, name, line.length());
        }
        result.append('\n');
    }

    private static int endOfName(String line) {
        var end = 0;
        while (line.charAt(end) != '{' && line.charAt(end) != ' ') {
            end++;
        }
        return end;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
