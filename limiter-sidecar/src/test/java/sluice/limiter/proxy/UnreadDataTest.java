package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import org.junit.jupiter.api.Test;

class UnreadDataTest {

    private final UnreadData unread = new UnreadData();

    @Test
    void countsWhatHasComeUntilItIsRead() {
        var first = unread.arrives(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[1_000])));
        var last = unread.arrives(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[15_000]), true));
        assertThat(unread.kept()).isEqualTo(16_000 + 2 * Kept.PER_PIECE);
        unread.read(first);
        assertThat(unread.kept()).isEqualTo(15_000 + Kept.PER_PIECE);
        unread.read(last);
        assertThat(unread.kept()).isZero();
    }

    /** The bytes of its padding are given back to the sender with it. */
    @Test
    void aCopyIsTheSameFrame() {
        var read = ByteBufAllocator.DEFAULT.directBuffer(1 << 16).writeZero(1 << 16);
        var frame = unread.arrives(new DefaultHttp2DataFrame(read.readRetainedSlice(2_000), true, 9));
        assertThat(read.refCnt()).isOne();
        assertThat(frame.content().readableBytes()).isEqualTo(2_000);
        assertThat(frame.isEndStream()).isTrue();
        assertThat(frame.initialFlowControlledBytes()).isEqualTo(2_009);
        read.release();
    }
}
