package sluice.limiter.proxy;

import java.time.Duration;

/**
 * How long the proxy waits. All but {@code connect} are checked four times a second.
 *
 * @param head from the first byte of a request to the end of its headers; then 408, or over HTTP/2 the end of the connection
 * @param body between two pieces of a request's body; then 408
 * @param idle between two requests of a client, and before its first
 * @param connect for a connection to the app; then 502. An app that refuses is known at once. One that is too busy to accept has the
 *     kernel drop the attempt and repeat it after 1 s and 3 s: giving up just before would fail a request that need not fail
 * @param response from the end of the request, or from a question whether to send its body (100-continue), to the head of the app's
 *     answer; then 504
 * @param answerPause between two pieces of an answer
 * @param stalled for a client that takes nothing of its answer, or of all its streams, and for either end of a tunnel
 * @param upstreamIdle for a kept connection to the app: gunicorn closes its own after 2 s, Node after 5, and a request must not meet that
 * @param linger for a client to see the last answer before the connection goes; thirty times as long for one that goes on sending
 * @param stopping in the place of {@code head}, {@code body} and {@code stalled}, when it is shorter, once the process is to end; and for
 *     WebSockets to close then
 */
public record ProxyTimeouts(
        Duration head,
        Duration body,
        Duration idle,
        Duration connect,
        Duration response,
        Duration answerPause,
        Duration stalled,
        Duration upstreamIdle,
        Duration linger,
        Duration stopping) {

    public static final ProxyTimeouts DEFAULTS = new ProxyTimeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(120),
            Duration.ofMillis(3_500),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(60),
            Duration.ofMillis(1_500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));

    /** Once the process is to end: the app has the time it always has, a client less. */
    ProxyTimeouts whileStopping() {
        return new ProxyTimeouts(
                shorter(head),
                shorter(body),
                Duration.ZERO,
                connect,
                response,
                answerPause,
                shorter(stalled),
                upstreamIdle,
                linger,
                stopping);
    }

    private Duration shorter(Duration usual) {
        return usual.compareTo(stopping) < 0 ? usual : stopping;
    }
}
