package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // What is taken is what the tests look at.
class TakingTest {

    /** The other end takes what it is told to. */
    private static final class Other extends EmbeddedChannel {

        private int takes;

        private void takes(int messages) {
            takes = messages;
            flush();
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer written) {
            for (; takes > 0; takes--) {
                written.remove();
            }
        }
    }

    private final long begin = System.nanoTime();
    private final Other other = new Other();
    private final Taking taking = new Taking(other);

    @AfterEach
    void close() {
        other.finishAndReleaseAll();
    }

    private void says(int messages) {
        for (var i = 0; i < messages; i++) {
            other.write(Unpooled.copiedBuffer(new byte[20]));
        }
        other.flush();
    }

    private Duration stalledAt(int second) {
        return Duration.ofNanos(
                taking.stalled(begin + Duration.ofSeconds(second).toNanos()));
    }

    @Test
    void nothingIsStalledWhileThereIsNothingToTake() {
        assertThat(stalledAt(100)).isZero();
    }

    @Test
    void thatMoreIsWrittenIsNoSignThatAnythingIsTaken() {
        assertThat(stalledAt(10)).isZero();
        says(1);
        stalledAt(11);
        says(1);
        stalledAt(20);
        says(5);
        assertThat(stalledAt(30)).isGreaterThanOrEqualTo(Duration.ofSeconds(19));
    }

    @Test
    void whoTakesLessThanIsWrittenIsNotStalled() {
        says(3);
        stalledAt(10);
        other.takes(1);
        says(5);
        assertThat(stalledAt(20)).isZero();
        assertThat(stalledAt(25)).isEqualTo(Duration.ofSeconds(5));
    }
}
