package sluice.operator.rollout;

import java.time.Instant;
import java.util.List;

/** Samples of one series in the order of time, at least one. */
public record Samples(List<Sample> all) {
    public Samples {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        Sample before = all.getFirst();
        for (int i = 1; i < all.size(); i++) {
            Sample next = all.get(i);
            if (!before.at().isBefore(next.at())) {
                throw new IllegalArgumentException("samples are not in the order of time");
            }
            before = next;
        }
    }

    /** The newest sample. */
    public Sample last() {
        return all.getLast();
    }

    /** The samples later than {@code start} and not earlier than {@code notBefore}. */
    public List<Sample> within(Instant start, Instant notBefore) {
        int first = 0;
        int end = all.size();
        while (first < end) {
            int middle = (first + end) >>> 1;
            if (isWithin(all.get(middle).at(), start, notBefore)) {
                end = middle;
            } else {
                first = middle + 1;
            }
        }
        return all.subList(first, all.size());
    }

    private static boolean isWithin(Instant at, Instant start, Instant notBefore) {
        return at.isAfter(start) && !at.isBefore(notBefore);
    }
}
