package sluice.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.Look;

/**
 * What is remembered of a rollout between turns; losing it costs nothing but a repetition.
 *
 * @param failures turns that failed in a row
 * @param problem why something could not be carried out, which keeps the rollout from going on
 * @param dueAt when the next turn is due; absent when the last may have been cut short after its commit
 * @param lastError what was last said in the log
 * @param look the last evaluation, which may not have been worth a write; a failed turn has none
 */
record TurnMemory(
        int failures, Optional<Blocker> problem, Optional<Instant> dueAt, String lastError, Optional<Look> look) {

    static final TurnMemory NONE = new TurnMemory(0, Optional.empty(), Optional.empty(), "", Optional.empty());

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 6;
    private static final int UNPROCESSABLE = 422;

    static TurnMemory succeeded(Instant dueAt, Optional<Look> look) {
        return new TurnMemory(0, Optional.empty(), Optional.of(dueAt), "", look);
    }

    TurnMemory failed(RuntimeException problem) {
        var text = problem.getClass().getSimpleName() + ": " + problem.getMessage();
        return new TurnMemory(failures + 1, blocker(problem), Optional.empty(), isConflict(problem) ? "" : text, look);
    }

    TurnMemory saying(String problem) {
        return new TurnMemory(failures, this.problem, dueAt, problem, look);
    }

    /** Somebody else was first: there is something newer to go by. */
    static boolean isConflict(RuntimeException problem) {
        return problem instanceof KubernetesClientException client
                && client.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    /** How long to wait after a failure that follows on these. */
    Duration retryAfter(RuntimeException problem, RandomGenerator jitter) {
        if (isConflict(problem)) {
            return FIRST_RETRY;
        }
        var longest = Math.min(LONGEST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(failures, MOST_DOUBLINGS));
        return Duration.ofMillis(jitter.nextLong(longest / 2, longest + 1));
    }

    /** What trying again alone will not cure must be seen on the resource. */
    private static Optional<Blocker> blocker(RuntimeException problem) {
        if (problem instanceof KubernetesClientException client
                && (client.getCode() == HttpURLConnection.HTTP_FORBIDDEN || client.getCode() == UNPROCESSABLE)) {
            var status = client.getStatus();
            return Optional.of(new Blocker(
                    "ApplyFailed",
                    "the API server refused what the operator must do: "
                            + StatusText.shortened(
                                    String.valueOf(status == null ? client.getMessage() : status.getMessage()))));
        }
        return Optional.empty();
    }
}
