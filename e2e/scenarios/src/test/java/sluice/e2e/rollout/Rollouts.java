package sluice.e2e.rollout;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Rollouts for tests, which name only what they are about. */
public final class Rollouts {
    private Rollouts() {}

    public static RolloutView of(String phase, int weight, long epoch) {
        return new RolloutView(
                "api",
                "uid",
                1,
                1,
                phase,
                weight,
                epoch,
                "1/2",
                "10s",
                "",
                "abc",
                2,
                "Holding",
                "",
                Map.of(),
                Optional.empty());
    }

    public static Seen seen(Instant at, String phase, int weight, long epoch) {
        return new Seen(at, of(phase, weight, epoch));
    }
}
