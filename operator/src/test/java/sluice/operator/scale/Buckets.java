package sluice.operator.scale;

import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A histogram: how many observations were at most so many seconds. */
record Buckets(NavigableMap<Double, Double> counts) {

    private static final Pattern BOUND = Pattern.compile("le=\"([^\"]*)\"");

    /** Of a metric by its name. */
    static Buckets of(String metrics, String name) {
        var counts = new TreeMap<Double, Double>();
        metrics.lines().filter(line -> line.startsWith(name + "_bucket{")).forEach(line -> {
            var bound = BOUND.matcher(line);
            if (bound.find()) {
                var text = bound.group(1);
                counts.put(
                        text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text),
                        Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
            }
        });
        return new Buckets(counts);
    }

    Buckets since(Buckets earlier) {
        var rest = new TreeMap<Double, Double>();
        counts.forEach(
                (bound, count) -> rest.put(bound, count - earlier.counts().getOrDefault(bound, 0.0)));
        return new Buckets(rest);
    }

    double total() {
        return counts.isEmpty() ? 0 : counts.lastEntry().getValue();
    }

    /** The bound, in seconds, that this share of the observations does not exceed. */
    double percentile(double share) {
        return counts.entrySet().stream()
                .filter(bucket -> bucket.getValue() >= share * total())
                .mapToDouble(java.util.Map.Entry::getKey)
                .findFirst()
                .orElse(0);
    }
}
