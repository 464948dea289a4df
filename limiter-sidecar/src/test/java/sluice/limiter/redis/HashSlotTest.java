package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashSlotTest {

    @Test
    void theChecksumIsTheOneOfTheSpecification() {
        assertThat(HashSlot.of("123456789")).isEqualTo(0x31C3);
    }

    /** By what a server of 7.0 says to CLUSTER KEYSLOT. */
    @ParameterizedTest
    @CsvSource({
        "foo, 12182",
        "foo{}{bar}, 8363",
        "foo{bar, 15278",
        "bar}foo{, 9916",
        "{apps/6f0c/aé}/api, 14474",
        "'', 0"
    })
    void slotsAreTheOnesOfAServer(String key, int slot) {
        assertThat(HashSlot.of(key)).isEqualTo(slot);
    }

    /** The examples of the Redis cluster specification, "Hash tags". */
    @ParameterizedTest
    @CsvSource({"{user1000}.following, user1000", "foo{{bar}}zap, {bar", "foo{bar}{zap}, bar"})
    void aTagStandsForTheKey(String key, String tag) {
        assertThat(HashSlot.of(key)).isEqualTo(HashSlot.of(tag));
    }
}
