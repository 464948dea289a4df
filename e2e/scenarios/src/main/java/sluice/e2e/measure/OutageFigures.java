package sluice.e2e.measure;

import java.time.Duration;
import java.time.Instant;
import sluice.e2e.load.LoadResults;
import sluice.e2e.log.CollectedLogs;
import sluice.e2e.log.LogLine;

/**
 * An outage of Redis in figures.
 *
 * @param failedRequests requests of the load without an answer, or with a 5xx that the app did not send on purpose
 * @param memoryDecisions requests judged in memory because Redis did not answer
 * @param warnLines warnings in the logs of all sidecars together; each sidecar owes one, in the outage or less than five minutes before
 */
public record OutageFigures(int failedRequests, long memoryDecisions, int warnLines) {
    // A sidecar that has warned of Redis is quiet for five minutes.
    private static final Duration QUIET = Duration.ofMinutes(5);

    /**
     * Counts an outage that is over.
     *
     * @param from when Redis was killed
     * @param to when every sidecar used it again
     */
    public static OutageFigures of(CollectedLogs logs, LoadResults load, Instant from, Instant to) {
        return new OutageFigures(
                load.between(from, to).failed().count(),
                logs.count(request -> request.backend().equals("memory") && within(request, from, to)),
                logs.messages(message -> message.warnsOfRedis() && within(message, from.minus(QUIET), to))
                        .size());
    }

    private static boolean within(LogLine line, Instant from, Instant to) {
        return !line.at().isBefore(from) && line.at().isBefore(to);
    }
}
