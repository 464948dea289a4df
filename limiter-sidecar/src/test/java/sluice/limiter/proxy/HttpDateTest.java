package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HttpDateTest {

    @Test
    void isWrittenAnewWhenTheSecondChanges() {
        var clock = new AtomicLong(Instant.parse("1994-11-06T08:49:37.999Z").toEpochMilli());
        var date = new HttpDate(clock::get);

        assertThat(date.now()).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT").isSameAs(date.now());
        clock.incrementAndGet();
        assertThat(date.now()).isEqualTo("Sun, 06 Nov 1994 08:49:38 GMT");
        clock.addAndGet(-3_600_000);
        assertThat(date.now()).isEqualTo("Sun, 06 Nov 1994 07:49:38 GMT");
    }
}
