package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.math.BigInteger;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import sluice.limiter.judge.LimitReport;
import sluice.limiter.judge.LimitState;

class RateLimitFieldsTest {

    private static final long EXACT = 1L << 53;
    private static final BigInteger MICROS = BigInteger.valueOf(1_000_000);

    private static String told(LimitState state) {
        var headers = new DefaultHttpHeaders();
        new RateLimitFields().add(headers, LimitReport.of(state));
        return headers.get(RateLimitFields.STATE);
    }

    private static BigInteger seconds(LimitState state) {
        var count = BigInteger.valueOf(Math.max(1, state.remaining()));
        var micros = BigInteger.valueOf(state.period().toNanos() / 1_000).multiply(count);
        var rate = BigInteger.valueOf(state.tokens()).multiply(MICROS);
        return micros.add(rate).subtract(BigInteger.ONE).divide(rate);
    }

    @Property
    void tellsTheSecondsInWhichWhatIsLeftComesRoundedUp(@ForAll("states") LimitState state) {
        assertThat(told(state)).isEqualTo("\"api\";r=" + state.remaining() + ";t=" + seconds(state));
    }

    @Test
    void tellsAWholeQuotientThatFloatingPointRoundsUp() {
        assertThat(told(new LimitState("api", 554_587, Duration.ofSeconds(13_749), 554_587, 554_587, Duration.ZERO)))
                .isEqualTo("\"api\";r=554587;t=13749");
    }

    /** What may be left of limits, up to the largest that the configuration takes. */
    @Provide
    Arbitrary<LimitState> states() {
        return Arbitraries.longs().between(1, Duration.ofDays(366).toMillis()).flatMap(millis -> {
            var period = Duration.ofMillis(millis);
            var micros = period.toNanos() / 1_000;
            var remaining = Arbitraries.longs().between(0, EXACT / micros);
            var tokens = Arbitraries.longs().between(1, Math.min(EXACT, 1_000 * micros));
            // As many tokens as are left come in one period: a quotient that is whole.
            return remaining.flatMap(left -> Arbitraries.oneOf(tokens, Arbitraries.just(Math.max(1, left)))
                    .map(each -> new LimitState("api", each, period, EXACT / micros, left, Duration.ZERO)));
        });
    }
}
