package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static Backoff backoff() {
        return new Backoff(Duration.ofMillis(200), Duration.ofMillis(1500));
    }

    @Test
    void doublesUpToTheMostAndStartsAgainAfterASuccess() {
        var backoff = backoff();
        for (var step : new long[] {200, 400, 800, 1500, 1500}) {
            assertThat(backoff.next().toMillis()).isBetween(step / 2, step);
        }

        backoff.reset();
        assertThat(backoff.next().toMillis()).isBetween(100L, 200L);
    }

    @Test
    void podsThatLostRedisTogetherDoNotComeBackTogether() {
        var delays = Stream.generate(BackoffTest::backoff)
                .limit(100)
                .mapToLong(pod -> pod.next().toMillis());

        assertThat(spread(delays)).isGreaterThan(20);
    }

    private static long spread(LongStream delays) {
        return delays.distinct().count();
    }
}
