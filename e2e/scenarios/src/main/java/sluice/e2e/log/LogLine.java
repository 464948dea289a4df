package sluice.e2e.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** One line of a sidecar's log. */
public sealed interface LogLine {
    /** When it happened: of a request when it arrived, which is when its arm is chosen. */
    Instant at();

    /**
     * A request; the fields are those of the request log in {@code docs/architecture.md}.
     *
     * @param at when it arrived; a request that runs when a rollback comes keeps its arm to the end
     * @param key the caller, {@code user:<hash>} or {@code ip:<hash>}; empty for a request that was refused before it could be judged,
     *     as are state, backend and arm
     */
    record Request(
            Instant at,
            String requestId,
            String method,
            String path,
            int status,
            Duration latency,
            String authResult,
            Optional<String> wafRule,
            String state,
            String key,
            OptionalLong tokensRemaining,
            String backend,
            String arm,
            long epoch)
            implements LogLine {

        public boolean inCandidateArm() {
            return arm.equals("candidate");
        }

        public boolean ofUser() {
            return key.startsWith("user:");
        }
    }

    /** Anything else the sidecar says. */
    record Message(Instant at, String level, String logger, String message) implements LogLine {
        /** Whether it warns of Redis being out. */
        public boolean warnsOfRedis() {
            return level.equals("WARN") && logger.contains(".redis.");
        }
    }

    /** A line in no known form, such as the JVM's own. */
    record Unknown(Instant at, String text) implements LogLine {}
}
