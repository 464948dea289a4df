package sluice.e2e.load;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of one request of the load.
 *
 * @param code the status, 0 for a request without an answer
 * @param error why there was no answer; empty otherwise, or the status in words
 * @param injectedFault how the demo app was told to spoil the answer: error, latency or auth
 */
public record SentRequest(
        Instant sentAt,
        int code,
        Duration latency,
        String error,
        Optional<String> requestId,
        Optional<String> injectedFault) {

    /** No answer at all, or a 5xx that the app did not send on purpose. */
    public boolean failed() {
        return code == 0 || (code >= 500 && injectedFault.isEmpty());
    }
}
