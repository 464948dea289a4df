package sluice.limiter.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which server has which hash slots. */
record SlotMap(List<Range> ranges) {

    /** The slots {@code first} to {@code last}, both included. */
    record Range(int first, int last, RedisAddress server) {
        Range {
            if (first < 0 || last < first || last >= HashSlot.COUNT) {
                throw new NonsenseException("there is no such range of slots");
            }
        }
    }

    /** One server has all. */
    static SlotMap of(RedisAddress server) {
        return new SlotMap(List.of(new Range(0, HashSlot.COUNT - 1, server)));
    }

    Set<RedisAddress> servers() {
        return ranges.stream().map(Range::server).collect(Collectors.toSet());
    }

    /**
     * Reads the reply to CLUSTER SLOTS: per range its first and last slot, its master and its replicas, each with host, port and more.
     *
     * @param answering the host that was asked
     * @throws NonsenseException when it is something else, or no server has any slot
     */
    static SlotMap read(@Nullable Object reply, String answering) {
        if (!(reply instanceof List<?> entries)) {
            throw new NonsenseException("this is no reply to CLUSTER SLOTS");
        }
        var ranges = new ArrayList<Range>();
        for (var entry : entries) {
            if (!(entry instanceof List<?> parts)
                    || parts.size() < 3
                    || !(parts.get(0) instanceof Long first)
                    || !(parts.get(1) instanceof Long last)
                    || !(parts.get(2) instanceof List<?> master)
                    || master.size() < 2
                    || !(master.get(1) instanceof Long port)) {
                throw new NonsenseException("this is no reply to CLUSTER SLOTS");
            }
            // Without a name that it may be told by, a server has null or nothing here.
            var host = master.get(0) instanceof String name ? name : "";
            ranges.add(new Range(
                    first.intValue(), last.intValue(), RedisAddress.announced(host, port.toString(), answering)));
        }
        if (ranges.isEmpty()) {
            throw new NonsenseException("no server has any slot");
        }
        return new SlotMap(List.copyOf(ranges));
    }
}
