package sluice.limiter.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Writes a log event as {@code {"type":"LOG","ts","level","logger","message"}}; key-values and a stack trace end the message. */
final class JsonLineEncoder extends EncoderBase<ILoggingEvent> {

    private final JsonFactory json = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .characterEscapes(new DeleteEscaped())
            .build();

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line = new ByteArrayOutputStream(256);
        try (var out = json.createGenerator(line)) {
            out.writeStartObject();
            out.writeStringField("type", "LOG");
            out.writeStringField("ts", Timestamps.format(event.getTimeStamp()));
            out.writeStringField("level", event.getLevel().toString());
            out.writeStringField("logger", event.getLoggerName());
            out.writeStringField("message", LogText.wellFormed(message(event)));
            out.writeEndObject();
            out.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toByteArray();
    }

    private static String message(ILoggingEvent event) {
        var message = new StringBuilder().append(event.getFormattedMessage());
        var pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(
                    pair -> message.append(' ').append(pair.key).append('=').append(pair.value));
        }
        appendCause(event.getThrowableProxy(), message);
        return message.toString();
    }

    private static void appendCause(@Nullable IThrowableProxy cause, StringBuilder message) {
        if (cause != null) {
            message.append('\n').append(ThrowableProxyUtil.asString(cause));
        }
    }

    @Override
    public byte @Nullable [] headerBytes() {
        return null;
    }

    @Override
    public byte @Nullable [] footerBytes() {
        return null;
    }
}
