package sluice.operator.rollout;

import java.time.Instant;
import java.util.Optional;

/** Where a rollout is, with the data that this place needs and no other. */
public sealed interface Progress {
    /**
     * Nothing is exposed; a candidate waits to begin.
     *
     * @param last the candidate before it, where no stable limiter says which proxies are trusted and which paths are exempt
     */
    record Pending(Instant since, Optional<Limiter> last) implements Progress {
        /** The first candidate, or there is a stable limiter. */
        public Pending(Instant since) {
            this(since, Optional.empty());
        }
    }

    /** Sidecars are being put in place; the candidate is in their configuration at weight 0. */
    record Injecting(Run run) implements Progress, Running {}

    /** Sidecars are in place at weight 0 and watched, so that there is a baseline. */
    record Observing(Run run, Instant since) implements Progress, Running {}

    /** A step before the last. */
    record Progressing(Run run, Canary canary) implements Exposed {
        @Override
        public Progressing holdingFrom(Instant now) {
            return new Progressing(run, canary.holdingFrom(now));
        }
    }

    /** The last step, stop-loss armed. */
    record Baking(Run run, Canary canary) implements Exposed {
        @Override
        public Baking holdingFrom(Instant now) {
            return new Baking(run, canary.holdingFrom(now));
        }
    }

    /**
     * The candidate has become the stable limiter.
     *
     * @param armed present as long as the stop-loss can take it back
     */
    record Promoted(Instant at, Optional<Armed> armed) implements Progress {
        /** For good. */
        public Promoted(Instant at) {
            this(at, Optional.empty());
        }
    }

    /** Committed to weight 0; sidecars have not all confirmed it. The candidate stays known so that its counters stay visible. */
    record RollingBack(Limiter candidate, Rollback rollback) implements Progress {}

    /** Every sidecar is back. */
    record RolledBack(Limiter candidate, Rollback rollback) implements Progress {
        public RolledBack {
            if (rollback.finish().isEmpty()) {
                throw new IllegalArgumentException("rollback is not finished");
            }
        }
    }

    /** Has a candidate on its way. */
    sealed interface Running permits Injecting, Observing, Exposed {
        Run run();
    }

    /** The candidate takes requests. */
    sealed interface Exposed extends Progress, Running permits Progressing, Baking {
        Canary canary();

        /** The same step, its hold begun at another time. */
        Exposed holdingFrom(Instant now);

        /** The step that it is in. */
        default Step present() {
            return run().strategy().steps().get(canary().step());
        }

        default int weight() {
            return present().weight();
        }

        default Instant holdEndsAt() {
            return canary().holdStartedAt().plus(present().hold());
        }

        /** Whether the step's time is over, or somebody has ended it. */
        default boolean holdIsOver(Orders orders, Instant now) {
            return !now.isBefore(holdEndsAt()) || orders.has(Order.HOLD_SKIPPED);
        }

        /**
         * Since when an arm's requests count for the comparison: both arms' since the step began. At weight 100 there is no stable arm any
         * more; what it showed before counts, from the observation on.
         */
        default Instant comparedSince(Scope scope) {
            return scope == Scope.STABLE && weight() == 100
                    ? canary().since().minus(run().strategy().observe())
                    : canary().stepStartedAt();
        }
    }
}
