package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
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
    void aSmallPartOfWhatWasReadDoesNotKeepTheRest() {
        var read = ByteBufAllocator.DEFAULT.directBuffer(1 << 16).writeZero(1 << 16);
        var small = Kept.alone(read.readRetainedSlice(30_000));
        var piece = Kept.alone(new DefaultLastHttpContent(read.readRetainedSlice(1)));
        assertThat(read.refCnt()).isOne();
        assertThat(small.readableBytes()).isEqualTo(30_000);
        assertThat(piece).isInstanceOf(LastHttpContent.class);
        assertThat(piece.content().readableBytes()).isOne();
        read.release();
    }

    @Test
    void mostOfWhatWasReadIsNotCopied() {
        var read = ByteBufAllocator.DEFAULT.directBuffer(1 << 16).writeZero(1 << 16);
        var most = read.readRetainedSlice(40_000);
        assertThat(Kept.alone(most)).isSameAs(most);
        most.release();
        read.release();
        var whole = Unpooled.wrappedBuffer(new byte[1]);
        assertThat(Kept.alone(whole)).isSameAs(whole);
        assertThat(Kept.alone(Unpooled.EMPTY_BUFFER)).isSameAs(Unpooled.EMPTY_BUFFER);
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
