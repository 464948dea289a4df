package sluice.limiter.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArmBucketTest {

    // From the reference implementation, seed 0.
    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "a, 3c2569b2",
        "ab, 9bbfd75f",
        "abc, b3dd93fa",
        "hello, 248bfa47",
        "'hello, world', 149bbb7f",
        "The quick brown fox jumps over the lazy dog, 2e4ff723"
    })
    void hashesAsTheReferenceDoes(String text, String hash) {
        assertThat(Murmur3.hash32(text.getBytes(UTF_8))).isEqualTo(Integer.parseUnsignedInt(hash, 16));
    }

    @Property
    void whoIsInStaysInAtEveryHigherWeight(
            @ForAll @StringLength(max = 40) String identity,
            @ForAll @IntRange(max = 100) int weight,
            @ForAll @IntRange(max = 100) int higher) {
        var in = ArmBucket.isWithin("uid", identity, Math.min(weight, higher));

        assertThat(!in || ArmBucket.isWithin("uid", identity, Math.max(weight, higher)))
                .isTrue();
    }

    @Property
    void nobodyIsInAtZeroAndEverybodyAtHundred(@ForAll String uid, @ForAll String identity) {
        assertThat(ArmBucket.isWithin(uid, identity, 0)).isFalse();
        assertThat(ArmBucket.isWithin(uid, identity, 100)).isTrue();
    }

    @Property
    void agreesWithTheBucketInPercent(@ForAll String identity, @ForAll @IntRange(max = 100) int weight) {
        assertThat(ArmBucket.isWithin("uid", identity, weight)).isEqualTo(ArmBucket.of("uid", identity) < weight);
    }

    @ParameterizedTest
    @CsvSource({"1", "10", "25", "50", "90"})
    void exposesTheShareThatTheWeightSays(int weight) {
        var users = 100_000;
        var in = IntStream.range(0, users)
                .filter(user -> ArmBucket.isWithin("6f0c", "user:u" + user, weight))
                .count();

        assertThat(100.0 * in / users).isCloseTo(weight, within(0.5));
    }

    @Test
    void anotherRolloutTakesOtherCallers() {
        var inBoth = IntStream.range(0, 100_000)
                .filter(user -> ArmBucket.isWithin("a", "user:u" + user, 10))
                .filter(user -> ArmBucket.isWithin("b", "user:u" + user, 10))
                .count();

        assertThat(inBoth).isBetween(800L, 1200L);
    }
}
