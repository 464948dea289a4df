package sluice.limiter.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The requests that a limit applies to: all that is given must hold.
 *
 * @param path the whole path
 * @param pathPrefix the start of the path, up to a segment's end: {@code /api} matches {@code /api/a}, not {@code /apis}
 * @param methods empty means any
 * @param headers each by one of its exact values
 */
public record LimitMatch(
        Optional<String> path, Optional<String> pathPrefix, Set<String> methods, Map<String, String> headers) {

    /** Matches every request. */
    public static final LimitMatch ANY = new LimitMatch(Optional.empty(), Optional.empty(), Set.of(), Map.of());
}
