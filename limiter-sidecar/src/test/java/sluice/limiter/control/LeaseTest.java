package sluice.limiter.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sluice.limiter.config.IdentityRules;
import sluice.limiter.config.Limiter;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.RolloutRef;

class LeaseTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000);
    private final Lease lease = new Lease(nanos::get);

    private static LimiterConfig config(int weight, Optional<Limiter> candidate, Optional<Duration> deadManSwitch) {
        return new LimiterConfig(
                new RolloutRef("apps", "api", "6f0c"),
                1,
                weight,
                IdentityRules.CLIENT_ADDRESS,
                Limiter.OFF,
                candidate,
                1,
                deadManSwitch);
    }

    private static final Optional<Limiter> CANDIDATE = Optional.of(Limiter.off("new"));
    private static final LimiterConfig LEASED = config(10, CANDIDATE, Optional.of(Duration.ofMinutes(2)));

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void isLostBeforeTheFirstHeartbeat() {
        assertThat(lease.isLost(LEASED)).isTrue();
        lease.renew();
        assertThat(lease.isLost(LEASED)).isFalse();
    }

    @Test
    void isHeldForTheDeadMansTimeAndNoLonger() {
        lease.renew();
        pass(Duration.ofMinutes(2));
        assertThat(lease.isLost(LEASED)).isFalse();

        pass(Duration.ofNanos(1));
        assertThat(lease.isLost(LEASED)).isTrue();

        lease.renew();
        assertThat(lease.isLost(LEASED)).isFalse();
    }

    @Test
    void isNeededOnlyWhileACandidateHasCallersAndADeadMansSwitch() {
        var limit = Optional.of(Duration.ofMinutes(2));

        assertThat(lease.isLost(config(0, CANDIDATE, limit))).isFalse();
        assertThat(lease.isLost(config(10, Optional.empty(), limit))).isFalse();
        assertThat(lease.isLost(config(10, CANDIDATE, Optional.empty()))).isFalse();
    }
}
