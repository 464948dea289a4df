package sluice.e2e.rollout;

import java.time.Instant;

/** What a rollout showed, and when that was noticed. */
public record Seen(Instant at, RolloutView rollout) {}
