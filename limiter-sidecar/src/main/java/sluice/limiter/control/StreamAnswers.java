package sluice.limiter.control;

import com.fasterxml.jackson.core.JsonFactory;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Acknowledges on the stream's own connection, which is there already and known to the operator: a rollback is proven in one flight instead
 * of a handshake and a review of the token. No answer is awaited: what is lost is lost with the stream, and the next one begins with the
 * configuration, which is acknowledged then.
 */
final class StreamAnswers implements StreamUptake.Answers {

    private static final JsonFactory JSON = new JsonFactory();
    /** What the operator keeps of it. */
    private static final int LONGEST_REASON = 300;

    private final ControlTarget target;
    private final Channel stream;

    StreamAnswers(ControlTarget target, Channel stream) {
        this.target = target;
        this.stream = stream;
    }

    @Override
    public void applied(long epoch, List<String> failures) {
        post(epoch, Optional.empty(), failures);
    }

    @Override
    public void refused(long epoch, String reason) {
        post(epoch, Optional.of(reason.substring(0, Math.min(reason.length(), LONGEST_REASON))), List.of());
    }

    private static String message(long epoch, Optional<String> refusal, List<String> failures) throws IOException {
        var message = new StringWriter();
        try (var json = JSON.createGenerator(message)) {
            json.writeStartObject();
            json.writeNumberField("epoch", epoch);
            json.writeBooleanField("applied", refusal.isEmpty());
            if (refusal.isPresent()) {
                json.writeStringField("reason", refusal.get());
            }
            if (!failures.isEmpty()) {
                json.writeArrayFieldStart("failures");
                for (var failure : failures) {
                    json.writeString(failure);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return message.toString();
    }

    private void post(long epoch, Optional<String> refusal, List<String> failures) {
        try {
            var body = Unpooled.copiedBuffer(message(epoch, refusal, failures), StandardCharsets.UTF_8);
            var request = target.request(HttpMethod.POST, "/v1/ack", body);
            request.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
            stream.writeAndFlush(request).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        } catch (IOException e) {
            // Without its token's file this sidecar is nobody; the next stream finds out whether it is there again.
            var _ = stream.close();
        }
    }
}
