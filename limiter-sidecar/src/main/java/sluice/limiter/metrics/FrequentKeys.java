package sluice.limiter.metrics;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts the most frequent keys of a stream in bounded memory (Misra and Gries, 1982). A count is never too high, and too low by at
 * most one in {@code capacity} of all that was added: many small callers cannot look like a big one.
 */
final class FrequentKeys {

    private final int capacity;
    private final Map<String, int[]> counts;
    private long total;

    FrequentKeys(int capacity) {
        this.capacity = capacity;
        this.counts = HashMap.newHashMap(capacity);
    }

    void add(String key) {
        total++;
        var count = counts.get(key);
        if (count != null) {
            count[0]++;
        } else if (counts.size() < capacity) {
            counts.put(key, new int[] {1});
        } else {
            // Costs one step per key held, but each step takes back an earlier addition: constant time on average.
            counts.values().removeIf(held -> --held[0] == 0);
        }
    }

    long total() {
        return total;
    }

    void addTo(Map<String, Long> sums) {
        counts.forEach((key, count) -> sums.merge(key, (long) count[0], Long::sum));
    }

    void clear() {
        counts.clear();
        total = 0;
    }
}
