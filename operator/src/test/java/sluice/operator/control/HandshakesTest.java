package sluice.operator.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order handshakes are computed when more come than can be. */
class HandshakesTest {

    private final Handshakes handshakes = new Handshakes(1);
    private final CountDownLatch busy = new CountDownLatch(1);
    private final List<String> computed = new CopyOnWriteArrayList<>();
    private final EmbeddedChannel early = new EmbeddedChannel();
    private final EmbeddedChannel late = new EmbeddedChannel();

    @BeforeEach
    void keepBusy() {
        handshakes.of(new EmbeddedChannel()).execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @AfterEach
    void close() {
        handshakes.close();
    }

    @Test
    void theNewestIsFirst() {
        compute(early, "first of the early");
        compute(late, "first of the late");
        compute(early, "second of the early");

        busy.countDown();

        await().until(() -> computed.size() == 3);
        assertThat(computed).containsExactly("second of the early", "first of the late", "first of the early");
    }

    @Test
    void whoeverHasGivenUpCostsNothingMore() {
        compute(late, "the late");
        compute(early, "the early");
        var _ = early.close();

        busy.countDown();

        await().until(() -> computed.contains("the late"));
        assertThat(computed).containsExactly("the late");
    }

    private void compute(EmbeddedChannel channel, String what) {
        handshakes.of(channel).execute(() -> computed.add(what));
    }
}
