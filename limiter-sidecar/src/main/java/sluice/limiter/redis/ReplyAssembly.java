package sluice.limiter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.redis.ArrayHeaderRedisMessage;
import io.netty.handler.codec.redis.BulkStringHeaderRedisMessage;
import io.netty.handler.codec.redis.BulkStringRedisContent;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.LastBulkStringRedisContent;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts replies together out of what Netty's decoder reads. A reply is a {@code Long}, a {@code String}, null, a
 * {@link RedisErrorException}, or a list of these.
 */
final class ReplyAssembly {

    /** More than a cluster's map takes, should no two slots in a row have the same server, and each server two replicas. */
    private static final int MOST_BYTES = 20 * 1024 * 1024;

    /** What a value takes in memory, about, beside its text. */
    private static final int VALUE_BYTES = 32;

    private static final int ARRAY_BYTES = 96;

    private record Unfinished(long length, List<@Nullable Object> values) {}

    private final Deque<Unfinished> arrays = new ArrayDeque<>();
    private byte[] text = {};
    private int textRead;
    private long bytes;
    private @Nullable Object reply;

    /**
     * Adds what comes next; true when {@link #reply} is whole.
     *
     * @throws NonsenseException when it is too large
     */
    boolean add(RedisMessage message) {
        return switch (message) {
            case ArrayHeaderRedisMessage array -> begin(array);
            case IntegerRedisMessage number -> value(number.value());
            case SimpleStringRedisMessage line -> value(weighed(line.content()));
            case ErrorRedisMessage error -> value(new RedisErrorException(weighed(error.content())));
            // Netty's decoder makes one of what is null or empty only.
            case FullBulkStringRedisMessage whole -> value(whole.isNull() ? null : "");
            case BulkStringHeaderRedisMessage header -> begin(header);
            case BulkStringRedisContent part -> append(part);
            default -> throw new NonsenseException("this is no reply");
        };
    }

    @Nullable
    Object reply() {
        return reply;
    }

    private String weighed(String line) {
        weigh(line.length());
        return line;
    }

    private void weigh(long more) {
        bytes += more;
        if (bytes > MOST_BYTES) {
            throw new NonsenseException("no reply is this large");
        }
    }

    private boolean begin(ArrayHeaderRedisMessage array) {
        if (array.length() <= 0) {
            return value(array.isNull() ? null : List.of());
        }
        weigh(ARRAY_BYTES);
        arrays.push(new Unfinished(array.length(), new ArrayList<>()));
        return false;
    }

    private boolean begin(BulkStringHeaderRedisMessage header) {
        weigh(header.bulkStringLength());
        text = new byte[header.bulkStringLength()];
        textRead = 0;
        return false;
    }

    private boolean append(BulkStringRedisContent part) {
        var length = part.content().readableBytes();
        part.content().readBytes(text, textRead, length);
        textRead += length;
        return part instanceof LastBulkStringRedisContent && value(new String(text, UTF_8));
    }

    private boolean value(@Nullable Object value) {
        weigh(VALUE_BYTES);
        var whole = value;
        for (var array = arrays.peek(); array != null; array = arrays.peek()) {
            array.values().add(whole);
            if (array.values().size() < array.length()) {
                return false;
            }
            arrays.pop();
            whole = array.values();
        }
        reply = whole;
        bytes = 0;
        return true;
    }
}
