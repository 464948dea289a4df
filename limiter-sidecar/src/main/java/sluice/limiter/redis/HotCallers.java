package sluice.limiter.redis;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.identity.CallerPlaces;

/**
 * Tells the callers that come so often that leases are worth it: more than a hundred times a second through this sidecar, for about a
 * second. In a fixed space: callers share places, and the one that comes most holds its place. Who has none is not hot, which costs only
 * calls to Redis.
 */
final class HotCallers {

    private static final long REQUEST = Duration.ofMillis(10).toNanos();
    private static final long HOT = 100 * REQUEST;
    private static final long HOTTEST = 2 * HOT;

    private static final class Place {
        private String caller = "";
        // Each request adds to it, and time takes from it.
        private long coldAt;
        private @Nullable CallerLeases leases;
    }

    private final CallerPlaces callers = new CallerPlaces(10);
    private final @Nullable Place[] places = new @Nullable Place[callers.count()];

    /** Counts a request; what its caller has leased when it is hot. */
    Optional<CallerLeases> count(CallerKey caller, long now) {
        var place = place(caller, now);
        if (!place.caller.equals(caller.hash())) {
            if (place.coldAt - now > 0) {
                place.coldAt -= REQUEST;
                return Optional.empty();
            }
            place.caller = caller.hash();
            place.leases = null;
        }
        var heat = Math.min(HOTTEST, Math.max(0, place.coldAt - now) + REQUEST);
        place.coldAt = now + heat;
        return heat < HOT ? Optional.empty() : Optional.of(leases(place));
    }

    private Place place(CallerKey caller, long now) {
        var index = callers.of(caller.hash());
        var place = places[index];
        if (place == null) {
            place = new Place();
            place.coldAt = now;
            places[index] = place;
        }
        return place;
    }

    private static CallerLeases leases(Place place) {
        var leases = place.leases;
        if (leases == null) {
            leases = new CallerLeases();
            place.leases = leases;
        }
        return leases;
    }
}
