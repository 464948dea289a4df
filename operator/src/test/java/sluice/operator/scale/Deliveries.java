package sluice.operator.scale;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import sluice.limiter.control.StreamedSidecar;

/** Which sidecars have heard of which epoch, and of which the operator has heard so. */
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
    private final Map<Long, Seen> acknowledgements = new ConcurrentHashMap<>();
    private final LongAdder ended = new LongAdder();

    /** What a sidecar tells. */
    StreamedSidecar.Listener of(String sidecar) {
        return new StreamedSidecar.Listener() {
            @Override
            public void config(JsonNode config, Instant at) {
                seen(arrivals, config.path("epoch").asLong()).add(sidecar, at);
            }

            @Override
            public void acknowledged(long epoch, Instant at) {
                seen(acknowledgements, epoch).add(sidecar, at);
            }

            @Override
            public void ended(String why) {
                ended.increment();
            }
        };
    }

    private static Seen seen(Map<Long, Seen> byEpoch, long epoch) {
        return byEpoch.computeIfAbsent(epoch, _ -> new Seen());
    }

    /** The newest epoch that any sidecar has heard of; 0 before the first. */
    long newest() {
        return arrivals.keySet().stream().mapToLong(epoch -> epoch).max().orElse(0);
    }

    /** How many sidecars have heard of the epoch and been heard. */
    int acknowledged(long epoch) {
        return seen(acknowledgements, epoch).who.size();
    }

    Instant lastArrival(long epoch) {
        return seen(arrivals, epoch).lastAt();
    }

    Instant lastAcknowledgement(long epoch) {
        return seen(acknowledgements, epoch).lastAt();
    }

    /** Connections that ended or did not come about. */
    long ended() {
        return ended.sum();
    }
}
