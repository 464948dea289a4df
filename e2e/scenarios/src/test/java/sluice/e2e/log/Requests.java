package sluice.e2e.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Log lines for tests, which name only what they are about. */
public final class Requests {
    /** When every request begins that does not say otherwise. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Requests() {}

    public static LogLine.Request of(String caller, String arm, long epoch) {
        return at(START, caller, arm, epoch, "redis");
    }

    public static LogLine.Request at(Instant at, String caller, String arm, long epoch, String backend) {
        return new LogLine.Request(
                at,
                "id",
                "GET",
                "/api/me",
                200,
                Duration.ZERO,
                "ok",
                Optional.empty(),
                "allow",
                caller,
                OptionalLong.empty(),
                backend,
                arm,
                epoch);
    }

    public static LogLine.Message warning(Instant at) {
        return new LogLine.Message(at, "WARN", "sluice.limiter.redis.OutageLog", "limits are kept in memory");
    }

    public static CollectedLogs logs(LogLine... lines) {
        var logs = new CollectedLogs();
        for (LogLine line : lines) {
            logs.add("pod-1", line);
        }
        return logs;
    }
}
