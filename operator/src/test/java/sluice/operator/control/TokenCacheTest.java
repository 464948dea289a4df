package sluice.operator.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenCacheTest {

    private static final PodIdentity POD = new PodIdentity("apps", "a", "uid-a");

    private final AtomicLong nanoTime = new AtomicLong();
    private final AtomicInteger reviews = new AtomicInteger();
    private final TokenCache cache = new TokenCache(
            token -> {
                reviews.incrementAndGet();
                return token.equals("good") ? Optional.of(POD) : Optional.empty();
            },
            nanoTime::get);

    @Test
    void asksOnceAMinute() {
        assertThat(cache.verify("good")).contains(POD);
        nanoTime.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(cache.verify("good")).contains(POD);
        assertThat(reviews).hasValue(1);

        nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(cache.verify("good")).contains(POD);
        assertThat(reviews).hasValue(2);
    }

    @Test
    void remembersRefusalsToo() {
        assertThat(cache.verify("bad")).isEmpty();
        assertThat(cache.verify("bad")).isEmpty();
        assertThat(reviews).hasValue(1);
    }

    @Test
    void asksNobodyAboutWhatCannotBeAToken() {
        assertThat(cache.verify("")).isEmpty();
        assertThat(cache.verify("x".repeat(9000))).isEmpty();
        assertThat(reviews).hasValue(0);
    }

    @Test
    void forgetsTheOldestBeyondTenThousand() {
        cache.verify("good");
        for (int i = 0; i < 10_000; i++) {
            cache.verify("bad-" + i);
        }
        cache.verify("good");
        assertThat(reviews).hasValue(10_002);
    }

    @Test
    void remembersNothingWhenNobodyCouldBeAsked() {
        var failing = new TokenCache(
                token -> {
                    reviews.incrementAndGet();
                    throw new IllegalStateException("no API server");
                },
                nanoTime::get);

        assertThatThrownBy(() -> failing.verify("good")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> failing.verify("good")).isInstanceOf(IllegalStateException.class);
        assertThat(reviews).hasValue(2);
    }
}
