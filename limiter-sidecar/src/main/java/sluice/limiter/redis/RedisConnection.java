package sluice.limiter.redis;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.handler.codec.redis.RedisMessage;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection. Commands are answered in the order in which they are sent, and sent at most once: what was under way when the connection
 * broke is never sent again, for a take would charge twice. To be used on its event loop, but for {@link #close}.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">RESP</a>, version 2
 */
final class RedisConnection extends SimpleChannelInboundHandler<RedisMessage> {

    private static final int LOGIN_SECONDS = 2;
    private static final int MOST_WAITING = 10_000;
    private static final int LIKELY_BYTES = 512;
    private static final short END_OF_LINE = '\r' << 8 | '\n';

    private final Channel channel;
    private final Queue<CompletableFuture<@Nullable Object>> waiting = new ArrayDeque<>();
    private final ReplyAssembly replies = new ReplyAssembly();
    private @Nullable Consumer<String> listener;
    private @Nullable ByteBuf unsent;
    private @Nullable Throwable failure;
    private volatile boolean closed;
    private long lastSignOfLife;

    private RedisConnection(Channel channel) {
        this.channel = channel;
    }

    /** Speaks to what is at the other end of a channel. */
    static RedisConnection over(Channel channel) {
        var connection = new RedisConnection(channel);
        channel.pipeline().addLast(new RedisDecoder(), connection);
        return connection;
    }

    /** Says what is to be said first; closes the connection when that is refused, or not answered in time. */
    CompletableFuture<RedisConnection> logIn(RedisLogin login) {
        var answers = login.commands().stream().map(this::send).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(answers)
                .orTimeout(LOGIN_SECONDS, TimeUnit.SECONDS)
                .thenApply(done -> this)
                .whenComplete((done, failure) -> closeAfter(failure));
    }

    /** Closes the connection when something has failed. */
    void closeAfter(@Nullable Throwable failure) {
        if (failure != null) {
            close();
        }
    }

    /** Sends a command; completes with the reply, as {@link ReplyAssembly} describes it, and fails with a {@link RedisErrorException}. */
    CompletableFuture<@Nullable Object> send(String... command) {
        if (!isOpen()) {
            return CompletableFuture.failedFuture(reasonOfEnd());
        }
        if (waiting.size() >= MOST_WAITING) {
            return CompletableFuture.failedFuture(new RejectedExecutionException("too many commands are unanswered"));
        }
        if (waiting.isEmpty()) {
            lastSignOfLife = System.nanoTime();
        }
        var answer = new CompletableFuture<@Nullable Object>();
        waiting.add(answer);
        write(command, unsent());
        return answer;
    }

    // Sent at once with all that follows from what this turn of the loop has read.
    private ByteBuf unsent() {
        if (unsent != null) {
            return unsent;
        }
        var out = channel.alloc().buffer(LIKELY_BYTES);
        unsent = out;
        channel.eventLoop().execute(() -> {
            unsent = null;
            var _ = channel.writeAndFlush(out, channel.voidPromise());
        });
        return out;
    }

    private static void write(String[] command, ByteBuf out) {
        writeLength('*', command.length, out);
        for (var word : command) {
            var bytes = ByteBufUtil.utf8Bytes(word);
            writeLength('$', bytes, out);
            ByteBufUtil.reserveAndWriteUtf8(out, word, bytes);
            out.writeShort(END_OF_LINE);
        }
    }

    private static void writeLength(char type, int length, ByteBuf out) {
        out.writeByte(type);
        writeDigits(length, out);
        out.writeShort(END_OF_LINE);
    }

    private static void writeDigits(int number, ByteBuf out) {
        if (number > 9) {
            writeDigits(number / 10, out);
        }
        out.writeByte('0' + number % 10);
    }

    /** Hands on what is published on a channel, once SUBSCRIBE has been sent. */
    void listen(Consumer<String> published) {
        listener = published;
    }

    /** Runs {@code then} on the event loop when the connection has ended. */
    void whenClosed(Runnable then) {
        channel.closeFuture().addListener(closed -> channel.eventLoop().execute(then));
    }

    /** How long Redis has owed an answer, in nanoseconds; empty when it owes none. */
    Optional<Long> silentNanos() {
        return waiting.isEmpty() ? Optional.empty() : Optional.of(System.nanoTime() - lastSignOfLife);
    }

    boolean isOpen() {
        return !closed && channel.isActive();
    }

    void close() {
        // Encrypted, the channel stays active until it has said goodbye.
        closed = true;
        var _ = channel.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, RedisMessage message) {
        // Behind what was no reply nothing can be told to be one.
        if (failure == null && replies.add(message)) {
            lastSignOfLife = System.nanoTime();
            answered(replies.reply());
        }
    }

    private void answered(@Nullable Object reply) {
        var answer = waiting.poll();
        if (answer == null) {
            published(reply);
        } else if (reply instanceof RedisErrorException refused) {
            answer.completeExceptionally(refused);
        } else {
            answer.complete(reply);
        }
    }

    // "message", the channel, and what is published.
    private void published(@Nullable Object reply) {
        if (listener == null
                || !(reply instanceof List<?> parts)
                || parts.size() != 3
                || !"message".equals(parts.getFirst())
                || !(parts.getLast() instanceof String text)) {
            throw new NonsenseException("nobody has asked for this");
        }
        listener.accept(text);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        var reason = reasonOfEnd();
        for (var answer = waiting.poll(); answer != null; answer = waiting.poll()) {
            answer.completeExceptionally(reason);
        }
    }

    private Throwable reasonOfEnd() {
        return failure == null ? new ClosedChannelException() : failure;
    }
}
