package sluice.operator.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a heartbeat may be given. */
class PulseTest {

    private static final RolloutKey ROLLOUT = new RolloutKey("apps", "scholarship-api");

    private final FakeLeadership leadership = new FakeLeadership();
    private final StreamDesk desk = new StreamDesk(
            leadership,
            token -> Optional.of(new PodIdentity("apps", token, token)),
            pod -> Optional.of(ROLLOUT),
            changed -> {},
            InstantSource.system(),
            System::nanoTime);

    @Test
    void aHeartbeatIsNotGivenWhenTheLeaseIsStaleOnceItsTurnComes() {
        desk.streams().publish(ROLLOUT, new Publication(7, "{}", Duration.ofMinutes(2)));
        desk.streams().evaluated(ROLLOUT, Instant.EPOCH);
        var sidecar = desk.open("a");
        assertThat(sidecar.lines()).singleElement().asString().contains("config");

        desk.beat();
        leadership.fresh = false;
        assertThat(sidecar.lines()).isEmpty();

        leadership.fresh = true;
        desk.beat();
        assertThat(sidecar.lines()).singleElement().asString().contains("heartbeat");
    }
}
