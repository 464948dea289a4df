package sluice.operator.scale;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Requests that have changed something, by resource, as the API server's metrics count them. */
record ApiWrites(Map<String, Long> byResource) {

    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    static ApiWrites of(String metrics) {
        var counts = new TreeMap<String, Long>();
        metrics.lines()
                .filter(line -> line.startsWith("apiserver_request_total{"))
                .forEach(line -> {
                    var labels = new TreeMap<String, String>();
                    LABEL.matcher(line).results().forEach(label -> labels.put(label.group(1), label.group(2)));
                    if (isWrite(labels)) {
                        var value = Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
                        counts.merge(resource(labels), value, Long::sum);
                    }
                });
        return new ApiWrites(counts);
    }

    private static boolean isWrite(Map<String, String> labels) {
        return switch (labels.getOrDefault("verb", "")) {
            case "POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION" -> true;
            default -> false;
        };
    }

    private static String resource(Map<String, String> labels) {
        var part = labels.getOrDefault("subresource", "");
        return labels.getOrDefault("resource", "") + (part.isEmpty() ? "" : "/" + part);
    }

    ApiWrites since(ApiWrites earlier) {
        var counts = new TreeMap<String, Long>();
        byResource.forEach((resource, count) ->
                counts.put(resource, count - earlier.byResource().getOrDefault(resource, 0L)));
        counts.values().removeIf(Predicate.isEqual(0L));
        return new ApiWrites(counts);
    }

    long of(Predicate<String> resource) {
        return byResource.entrySet().stream()
                .filter(entry -> resource.test(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
