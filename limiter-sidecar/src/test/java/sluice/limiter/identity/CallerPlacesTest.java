package sluice.limiter.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallerPlacesTest {

    private static final List<String> CALLERS = IntStream.range(0, 20_000)
            .mapToObj(user -> CallerKey.of("sidecar", "user:" + user).hash())
            .toList();

    private static Set<String> besideTheFirst(CallerPlaces places) {
        var first = places.of(CALLERS.getFirst());
        return CALLERS.stream().filter(hash -> places.of(hash) == first).collect(Collectors.toSet());
    }

    @Test
    void spreadsCallersOverAllPlacesAndNoOther() {
        var places = new CallerPlaces(8);
        assertThat(CALLERS.stream().map(places::of).distinct())
                .hasSize(places.count())
                .allMatch(place -> place >= 0 && place < 256);
    }

    /** Who shares a place in one process does not in the next: knowing all hashes is no help. */
    @Test
    void nobodyKnowsWhoSharesAPlace() {
        var together = besideTheFirst(new CallerPlaces(8));
        for (var process = 0; process < 16; process++) {
            together.retainAll(besideTheFirst(new CallerPlaces(8)));
        }
        assertThat(together).containsExactly(CALLERS.getFirst());
    }

    /** Found by looking for callers of one {@code String.hashCode}, which anybody can. */
    @Test
    void callersOfOneHashCodeShareNoPlaceUnderEverySecret() {
        var one = CallerKey.of("6f0c", "user:13515").hash();
        var other = CallerKey.of("6f0c", "user:103796").hash();
        assertThat(one).hasSameHashCodeAs(other);

        assertThat(IntStream.range(0, 16)
                        .mapToObj(_ -> new CallerPlaces(8))
                        .filter(places -> places.of(one) != places.of(other)))
                .isNotEmpty();
    }
}
