package sluice.operator.control;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One sidecar's open stream. At most one line is on its way; of the configurations that come meanwhile only the newest is kept, and
 * heartbeats are dropped: a slow reader costs one line of memory. Everything here happens on the channel's event loop.
 */
final class StreamConnection {

    private record Question(long epoch, long sentAt) {}

    private final PodIdentity pod;
    private final Channel channel;
    private @Nullable Publication next;
    private @Nullable String lastConfig;
    private Optional<Question> unanswered = Optional.empty();
    private boolean writing;
    private volatile long joinedAt;
    private volatile boolean podSeen;

    StreamConnection(PodIdentity pod, Channel channel) {
        this.pod = pod;
        this.channel = channel;
    }

    PodIdentity pod() {
        return pod;
    }

    /** It is told from now on; in nanoseconds of a clock that does not go back. */
    void joined(long at) {
        joinedAt = at;
    }

    long joinedAt() {
        return joinedAt;
    }

    /** Its pod is among those of the rollout. May be called on any thread. */
    void podSeen() {
        podSeen = true;
    }

    boolean isPodSeen() {
        return podSeen;
    }

    /** Sends a configuration unless it is the one that was sent last. */
    void config(Publication publication) {
        channel.eventLoop().execute(() -> {
            if (!publication.config().equals(lastConfig)) {
                lastConfig = publication.config();
                next = publication;
                writeNext();
            }
        });
    }

    /** Sends a heartbeat, unless it may not be given any more once it is this connection's turn. */
    void heartbeat(String line, BooleanSupplier allowed) {
        channel.eventLoop().execute(() -> {
            if (!writing && allowed.getAsBoolean()) {
                write(line);
            }
        });
    }

    /** The sidecar has answered the epoch; how long after it was sent, when this is the first answer to the newest. */
    Optional<Duration> answered(long epoch) {
        var took = unanswered
                .filter(question -> question.epoch() == epoch)
                .map(question -> Duration.ofNanos(System.nanoTime() - question.sentAt()));
        if (took.isPresent()) {
            unanswered = Optional.empty();
        }
        return took;
    }

    void close() {
        var _ = channel.close();
    }

    private void writeNext() {
        if (!writing && next != null) {
            var config = next;
            next = null;
            // An epoch that is sent again, with another number of replicas, is answered by the answer to the first.
            if (unanswered.filter(sent -> sent.epoch() == config.epoch()).isEmpty()) {
                unanswered = Optional.of(new Question(config.epoch(), System.nanoTime()));
            }
            write("{\"type\":\"config\",\"config\":" + config.config() + "}\n");
        }
    }

    private void write(String line) {
        writing = true;
        var content = new DefaultHttpContent(Unpooled.copiedBuffer(line, StandardCharsets.UTF_8));
        var _ = channel.writeAndFlush(content).addListener(done -> {
            writing = false;
            if (done.isSuccess()) {
                writeNext();
            } else {
                close();
            }
        });
    }
}
