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
        for (int i = 1; i < all.size(); i++) {
            if (!all.get(i - 1).at().isBefore(all.get(i).at())) {
                throw new IllegalArgumentException("samples are not in the order of time");
            }
        }
    }

    /** The newest sample. */
    public Sample last() {
        return all.getLast();
    }

    /** The samples later than {@code start} and not earlier than {@code notBefore}. */
    public List<Sample> within(Instant start, Instant notBefore) {
        int first = all.size();
        while (first > 0 && isWithin(all.get(first - 1).at(), start, notBefore)) {
            first--;
        }
        return all.subList(first, all.size());
    }

    private static boolean isWithin(Instant at, Instant start, Instant notBefore) {
        return at.isAfter(start) && !at.isBefore(notBefore);
    }
}
