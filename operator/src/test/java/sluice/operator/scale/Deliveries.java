package sluice.operator.scale;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import sluice.limiter.control.StreamedSidecar;

/** Which sidecars have heard of which epoch. */
final class Deliveries {

    /** Whoever has been seen with something, and when the last one was. */
    private static final class Seen {

        private final Set<String> who = ConcurrentHashMap.newKeySet();
        private Instant lastAt = Instant.MIN;

        private synchronized void add(String sidecar, Instant at) {
            lastAt = at.isAfter(lastAt) ? at : lastAt;
            who.add(sidecar);
        }

        private synchronized Instant lastAt() {
            return lastAt;
        }
    }

    private final Map<Long, Seen> arrivals = new ConcurrentHashMap<>();
    private final LongAdder ended = new LongAdder();

    /** What a sidecar tells. */
    StreamedSidecar.Listener of(String sidecar) {
        return new StreamedSidecar.Listener() {
            @Override
            public void config(JsonNode config, Instant at) {
                seen(config.path("epoch").asLong()).add(sidecar, at);
            }

            @Override
            public void ended(String why) {
                ended.increment();
            }
        };
    }

    private Seen seen(long epoch) {
        return arrivals.computeIfAbsent(epoch, _ -> new Seen());
    }

    /** The newest epoch that any sidecar has heard of; 0 before the first. */
    long newest() {
        return arrivals.keySet().stream().mapToLong(epoch -> epoch).max().orElse(0);
    }

    /** How many sidecars have heard of the epoch. */
    int arrived(long epoch) {
        return seen(epoch).who.size();
    }

    Instant lastArrival(long epoch) {
        return seen(epoch).lastAt();
    }

    /** Connections that ended or did not come about. */
    long ended() {
        return ended.sum();
    }
}
