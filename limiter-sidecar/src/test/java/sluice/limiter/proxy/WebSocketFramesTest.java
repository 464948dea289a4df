package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WebSocketFramesTest {

    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;

    /** A frame with a payload of so many bytes, each of which looks like the head of another one. */
    private static byte[] frame(int first, int payload, boolean masked) {
        var frame = new ByteArrayOutputStream();
        frame.write(first);
        var mask = masked ? 0x80 : 0;
        if (payload < 126) {
            frame.write(mask | payload);
        } else if (payload < 65_536) {
            frame.write(mask | 126);
            frame.writeBytes(ByteBuffer.allocate(2).putShort((short) payload).array());
        } else {
            frame.write(mask | 127);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(payload).array());
        }
        frame.writeBytes(new byte[masked ? 4 : 0]);
        for (var i = 0; i < payload; i++) {
            frame.write(CLOSE);
        }
        return frame.toByteArray();
    }

    @Property
    void findsTheEndOfEachFrameHoweverItComes(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 70_000) Integer> payloads,
            @ForAll boolean masked,
            @ForAll @IntRange(min = 1, max = 5_000) int piece) {
        var all = new ByteArrayOutputStream();
        var ends = new ArrayList<Integer>();
        for (var payload : payloads) {
            all.writeBytes(frame(TEXT, payload, masked));
            ends.add(all.size());
        }

        assertThat(ends(all.toByteArray(), piece)).isEqualTo(ends);
    }

    private static List<Integer> ends(byte[] bytes, int piece) {
        var frames = new WebSocketFrames();
        var found = new ArrayList<Integer>();
        for (var from = 0; from < bytes.length; from += piece) {
            var part = Unpooled.wrappedBuffer(bytes, from, Math.min(piece, bytes.length - from));
            for (var at = 0; at < part.writerIndex(); ) {
                at = frames.follow(part, at);
                if (frames.isBetween()) {
                    found.add(from + at);
                }
            }
        }
        assertThat(frames.isClosed()).isFalse();
        return found;
    }

    @Test
    void seesAClosing() {
        var frames = new WebSocketFrames();
        frames.follow(Unpooled.wrappedBuffer(frame(CLOSE, 2, false)), 0);
        assertThat(frames.isClosed()).isTrue();
    }

    @Test
    void goesOnWithALengthThatNoFrameMayHave() {
        var frames = new WebSocketFrames();
        var endless = ByteBuffer.allocate(11)
                .put((byte) 0x82)
                .put((byte) 127)
                .putLong(-1)
                .put((byte) 7);
        assertThat(frames.follow(Unpooled.wrappedBuffer(endless.array()), 0)).isEqualTo(11);
        assertThat(frames.follow(Unpooled.wrappedBuffer(new byte[5]), 0)).isEqualTo(5);
        assertThat(frames.isBetween()).isFalse();
    }
}
