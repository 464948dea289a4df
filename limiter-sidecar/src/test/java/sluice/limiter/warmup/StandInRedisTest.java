package sluice.limiter.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StandInRedisTest {

    private static final String LEVEL = ":99\r\n:1000\r\n:0\r\n";

    /** What it says to the script's call, with so many words after the number of keys. */
    private static String answer(int keys, int more) {
        var words = Stream.concat(
                        Stream.of("EVALSHA", "0123", Integer.toString(keys)), Collections.nCopies(more, "7").stream())
                .map(word -> "$" + word.length() + "\r\n" + word + "\r\n")
                .toList();
        var channel = new EmbeddedChannel(new StandInRedis());
        channel.writeInbound(Unpooled.copiedBuffer(
                "*" + words.size() + "\r\n" + words.stream().collect(Collectors.joining()), StandardCharsets.US_ASCII));
        ByteBuf answer = channel.readOutbound();
        try {
            return answer.toString(StandardCharsets.US_ASCII);
        } finally {
            answer.release();
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void takesFromOneBucketAndFromSeveral() {
        assertThat(answer(1, 1 + 1 + 6)).isEqualTo("*4\r\n:1\r\n" + LEVEL);
        assertThat(answer(2, 2 + 1 + 12)).isEqualTo("*7\r\n:1\r\n" + LEVEL + LEVEL);
    }

    @Test
    void leasesWhenAskedTo() {
        assertThat(answer(1, 1 + 1 + 6 + 1)).isEqualTo("*5\r\n:1\r\n" + LEVEL + ":10\r\n");
        assertThat(answer(2, 2 + 1 + 12 + 2)).isEqualTo("*8\r\n:1\r\n" + LEVEL + LEVEL + ":10\r\n");
    }
}
