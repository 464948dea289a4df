package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class Http2FrameWatchTest {

    record Sent(int type, int flags, int length) {

        boolean isHead() {
            return type == RawHttp2.HEADERS || type == RawHttp2.CONTINUATION;
        }

        boolean endsHead() {
            return isHead() && (flags & RawHttp2.END_HEADERS) != 0;
        }

        byte[] bytes() {
            return RawHttp2.bytes(type, flags, 1, new byte[length]);
        }
    }

    @Provide
    Arbitrary<List<Sent>> frames() {
        var frame = Combinators.combine(
                        Arbitraries.of(
                                RawHttp2.DATA,
                                RawHttp2.HEADERS,
                                RawHttp2.CONTINUATION,
                                RawHttp2.PING,
                                RawHttp2.WINDOW_UPDATE,
                                200),
                        Arbitraries.of(0, RawHttp2.END_STREAM, RawHttp2.END_HEADERS),
                        Arbitraries.integers().between(0, 700))
                .as(Sent::new);
        return frame.list().ofMinSize(1).ofMaxSize(8);
    }

    /** Whatever pieces the bytes come in, something is amiss exactly while a frame or head is not whole, and a body's frame never is. */
    @Property(tries = 500)
    void knowsWhetherAHeadIsWhole(@ForAll("frames") List<Sent> frames, @ForAll("cuts") List<Integer> cuts) {
        var watch = new Http2FrameWatch();
        var channel = new EmbeddedChannel(watch);
        channel.writeInbound(Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII));
        assertThat(watch.since()).isZero();

        var all = new ByteArrayOutputStream();
        var expected = new ArrayList<Boolean>();
        var kept = new ArrayList<Integer>();
        var open = false;
        var unfinished = 0;
        for (var frame : frames) {
            var bytes = frame.bytes();
            all.writeBytes(bytes);
            for (var i = 1; i < bytes.length; i++) {
                unfinished++;
                // The type is the fourth byte of a frame.
                expected.add(open || i < 4 || frame.type() != RawHttp2.DATA);
                kept.add(unfinished);
            }
            open = frame.isHead() ? !frame.endsHead() : open;
            unfinished = open ? unfinished + 1 : 0;
            expected.add(open);
            kept.add(unfinished);
        }
        var bytes = all.toByteArray();
        var at = 0;
        for (var cut : cuts) {
            var end = Math.min(bytes.length, at + cut);
            if (end > at) {
                channel.writeInbound(Unpooled.wrappedBuffer(bytes, at, end - at));
                at = end;
                assertThat(watch.since() != 0).as("after byte %s", at).isEqualTo(expected.get(at - 1));
                assertThat(watch.bytes()).isEqualTo(kept.get(at - 1));
            }
        }
        channel.finishAndReleaseAll();
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(1, 900).list().ofMinSize(1).ofMaxSize(12);
    }
}
