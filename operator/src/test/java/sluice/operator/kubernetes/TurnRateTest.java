package sluice.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TurnRateTest {

    private static final int BURST = 5;
    private static final Duration REFILL = Duration.ofMillis(200);

    // Such a clock may begin anywhere, and pass from the largest number to the smallest.
    private long nanoTime = Long.MAX_VALUE - REFILL.toNanos() / 2;
    private final TurnRate rate = new TurnRate(BURST, REFILL, () -> nanoTime);
    private TurnRate.Bucket rollout = rate.initState();

    @Test
    void beginsTheFirstTurnsAtOnce() {
        assertThat(begunAtOnce()).isEqualTo(BURST);
    }

    @Test
    void saysWhatIsLeftUntilTheNext() {
        begunAtOnce();
        assertThat(nudge()).contains(Duration.ofMillis(200));

        pass(Duration.ofMillis(150));
        assertThat(nudge()).contains(Duration.ofMillis(50));

        pass(Duration.ofMillis(50));
        assertThat(nudge()).isEmpty();
        assertThat(nudge()).contains(Duration.ofMillis(200));
    }

    @Test
    void countsWhoWasTurnedAwayForNothing() {
        begunAtOnce();
        for (int i = 0; i < 19; i++) {
            pass(Duration.ofMillis(10));
            nudge();
        }
        assertThat(nudge()).contains(Duration.ofMillis(10));
    }

    @Test
    void isFreeOnceWhatWasLeftHasPassed() {
        begunAtOnce();
        pass(Duration.ofNanos(1));

        var left = nudge().orElseThrow();
        assertThat(left).isEqualTo(REFILL);
        pass(left);

        assertThat(nudge()).isEmpty();
    }

    @Test
    void savesNoMoreThanOneBurst() {
        begunAtOnce();
        pass(Duration.ofDays(400));

        assertThat(begunAtOnce()).isEqualTo(BURST);
    }

    @Test
    void knowsOneRolloutFromAnother() {
        begunAtOnce();

        assertThat(rate.isLimited(rate.initState())).isEmpty();
    }

    /** Something has happened to the rollout. */
    record Nudge(long afterNanos, boolean waits) {}

    @Provide
    Arbitrary<List<Nudge>> nudges() {
        return Combinators.combine(Arbitraries.longs().between(0, 2 * REFILL.toNanos()), Arbitraries.of(true, false))
                .as(Nudge::new)
                .list()
                .ofMaxSize(60);
    }

    @Property
    void neverBeginsMoreTurnsThanABurstAndWhatIsRefilledNorKeepsOneWaitingForLonger(
            @ForAll("nudges") List<Nudge> nudges) {
        rollout = rate.initState();
        var begun = new ArrayList<Long>();
        for (Nudge nudge : nudges) {
            nanoTime += nudge.afterNanos();
            var left = nudge();
            assertThat(left.isPresent() && begun.size() < BURST).isFalse();
            left.ifPresent(wait -> assertThat(wait).isBetween(Duration.ofMillis(1), REFILL));
            if (left.isPresent() && nudge.waits()) {
                pass(left.get());
                assertThat(nudge()).isEmpty();
            }
            if (left.isEmpty() || nudge.waits()) {
                begun.add(nanoTime);
            }
        }
        for (int first = 0; first < begun.size(); first++) {
            for (int last = first + BURST; last < begun.size(); last++) {
                var refilled = last - first + 1 - BURST;
                assertThat(begun.get(last) - begun.get(first)).isGreaterThanOrEqualTo(refilled * REFILL.toNanos());
            }
        }
    }

    private Optional<Duration> nudge() {
        return rate.isLimited(rollout);
    }

    private int begunAtOnce() {
        var begun = 0;
        while (begun < 2 * BURST && nudge().isEmpty()) {
            begun++;
        }
        return begun;
    }

    private void pass(Duration time) {
        nanoTime += time.toNanos();
    }
}
