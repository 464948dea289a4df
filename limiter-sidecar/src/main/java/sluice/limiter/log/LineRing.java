package sluice.limiter.log;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A bounded queue from one thread to one other, without locks. A slot is empty when it holds null, which is all they share. */
final class LineRing {

    private final AtomicReferenceArray<@Nullable RequestLine> slots;
    private final int mask;
    private int head;
    private int tail;

    /** Holds {@code capacity} lines, a power of two. */
    LineRing(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two, is " + capacity);
        }
        slots = new AtomicReferenceArray<>(capacity);
        mask = capacity - 1;
    }

    /** False when full. By the one producing thread only. */
    boolean offer(RequestLine line) {
        var slot = tail & mask;
        if (slots.getAcquire(slot) != null) {
            return false;
        }
        slots.setRelease(slot, line);
        tail++;
        return true;
    }

    /** The oldest line, null when there is none. By the one consuming thread only. */
    @Nullable
    RequestLine poll() {
        var slot = head & mask;
        var line = slots.getAcquire(slot);
        if (line != null) {
            slots.setRelease(slot, null);
            head++;
        }
        return line;
    }
}
