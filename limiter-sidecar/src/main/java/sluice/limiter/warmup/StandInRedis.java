package sluice.limiter.warmup;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Says what a Redis says in which everybody has tokens: enough to be connected to, and to take them.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">RESP</a>
 */
final class StandInRedis extends ByteToMessageDecoder {

    /** As the script answers for one bucket: tokens left, microseconds until it is full, and until it has one. */
    private static final String LEVEL = lines(":99", ":1000", ":0");

    private static final int LEVEL_FIELDS = 3;

    /** How many more times it took the cost, for whoever asks for a lease. */
    private static final String LEASED = lines(":10");

    /** The command, the script, how many keys, and the time. */
    private static final int WORDS = 4;

    /** A key, and what the script is told of it; a lease is asked for by one more. */
    private static final int WORDS_OF_A_BUCKET = 7;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        in.markReaderIndex();
        command(in).ifPresentOrElse(command -> reply(ctx, command), in::resetReaderIndex);
    }

    /** The next command and its arguments, empty when not all of it has come. */
    private static Optional<List<String>> command(ByteBuf in) {
        var parts = number(in);
        var command = new ArrayList<String>();
        for (var part = 0; part < parts; part++) {
            var length = number(in);
            if (length < 0 || in.readableBytes() < length + 2) {
                return Optional.empty();
            }
            command.add(in.readString(length, StandardCharsets.UTF_8));
            in.skipBytes(2);
        }
        return parts > 0 ? Optional.of(command) : Optional.empty();
    }

    /** The number in the next line, behind the sign of its type; -1 when the line has no end yet. */
    private static int number(ByteBuf in) {
        var end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        if (end < 0) {
            return -1;
        }
        var line = in.readString(end + 1 - in.readerIndex(), StandardCharsets.US_ASCII);
        return Integer.parseInt(line.substring(1).strip());
    }

    private static void reply(ChannelHandlerContext ctx, List<String> command) {
        var reply = switch (command.getFirst().toUpperCase(Locale.ROOT)) {
            case "EVALSHA", "EVAL" -> taken(Integer.parseInt(command.get(2)), command.size());
            default -> lines("+OK");
        };
        var _ = ctx.write(ctx.alloc().buffer().writeBytes(reply.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String taken(int buckets, int words) {
        var leasing = words > WORDS + WORDS_OF_A_BUCKET * buckets;
        var fields = 1 + LEVEL_FIELDS * buckets + (leasing ? 1 : 0);
        return lines("*" + fields, ":1") + LEVEL.repeat(buckets) + (leasing ? LEASED : "");
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        super.channelReadComplete(ctx);
        ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The rehearsal is over.
        var _ = ctx.close();
    }
}
