package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {

    private static final String ASKED = "10.0.0.1";

    @Test
    void tellsALastingOneFromOneForThisQuestion() {
        assertThat(Redirect.of(new RedisErrorException("MOVED 3999 10.0.0.2:6381")))
                .contains(new Redirect(3999, "10.0.0.2:6381", false));
        assertThat(Redirect.of(new RedisErrorException("ASK 0 10.0.0.2:6381")))
                .contains(new Redirect(0, "10.0.0.2:6381", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"MOVED", "MOVED x 10.0.0.2:1", "MOVED 16384 10.0.0.2:1", "MOVED -1 10.0.0.2:1", "ERR MOVED 1 a:1"
            })
    void nonsenseIsNone(String message) {
        assertThat(Redirect.of(new RedisErrorException(message))).isEmpty();
    }

    @Test
    void addressesAreReadAsRedisWritesThem() {
        assertThat(RedisAddress.announced("redis-2.apps:6381", ASKED))
                .isEqualTo(new RedisAddress("redis-2.apps", 6381));
        assertThat(RedisAddress.announced("2001:db8::1:6381", ASKED)).isEqualTo(new RedisAddress("2001:db8::1", 6381));
        assertThat(RedisAddress.announced(":6381", ASKED)).isEqualTo(new RedisAddress(ASKED, 6381));
        assertThatThrownBy(() -> RedisAddress.announced("redis", ASKED)).isInstanceOf(NonsenseException.class);
    }

    @Test
    void slotsAreReadWithOrWithoutAName() {
        var reply = List.of(
                List.of(0L, 99L, List.of("10.0.0.2", 6381L, "id"), List.of("10.0.0.3", 6381L, "id")),
                List.of(100L, 16383L, Arrays.asList(null, 6382L, "id", List.of())));

        assertThat(SlotMap.read(reply, ASKED))
                .isEqualTo(new SlotMap(List.of(
                        new SlotMap.Range(0, 99, new RedisAddress("10.0.0.2", 6381)),
                        new SlotMap.Range(100, 16383, new RedisAddress(ASKED, 6382)))));
    }

    @Test
    void whatIsNoListOfSlotsIsRefused() {
        for (var reply : List.of(
                "OK",
                List.of(),
                List.of("OK"),
                List.of(List.of(0L, 99L)),
                List.of(List.of(0L, 99L, List.of("10.0.0.2", "port"))),
                List.of(List.of(0L, 99L, List.of("10.0.0.2", 0L))),
                List.of(List.of(5L, 4L, List.of("10.0.0.2", 6381L))),
                List.of(List.of(0L, 16384L, List.of("10.0.0.2", 6381L))))) {
            assertThatThrownBy(() -> SlotMap.read(reply, ASKED)).isInstanceOf(NonsenseException.class);
        }
        assertThatThrownBy(() -> SlotMap.read(null, ASKED)).isInstanceOf(NonsenseException.class);
    }
}
