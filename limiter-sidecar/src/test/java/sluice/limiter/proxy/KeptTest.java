package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("FutureReturnValueIgnored") // What is kept is what the tests look at.
class KeptTest {

    /** Of a buffer that is written, Netty counts some bytes more, for its entry. */
    private static final int ENTRY = 128;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 1 << 15, 1 << 16, 1 << 20})
    void countsWhatWasWrittenAndNotTaken(int bytes) {
        var channel = new EmbeddedChannel();
        channel.write(Unpooled.wrappedBuffer(new byte[bytes]));
        assertThat(Kept.unsent(channel)).isBetween((long) bytes, (long) bytes + ENTRY);
        channel.flush();
        assertThat(Kept.unsent(channel)).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void countsNothingOfAChannelThatIsClosed() {
        var channel = new EmbeddedChannel();
        channel.write(Unpooled.wrappedBuffer(new byte[1_000]));
        channel.close();
        assertThat(Kept.unsent(channel)).isZero();
    }

    @Test
    void countsHeadersWithWhatTheyCostBesideTheirCharacters() {
        var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        request.headers().add("host", "app").add("x-a", "b".repeat(1_000));
        assertThat(Kept.of(request)).isEqualTo(Kept.PER_MESSAGE + 4 + 2 * Kept.PER_HEADER + 7 + 1_003);
        assertThat(Kept.of(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[5]))))
                .isEqualTo(Kept.PER_PIECE + 5);
    }
}
