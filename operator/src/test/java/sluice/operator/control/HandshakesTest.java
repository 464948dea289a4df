package sluice.operator.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of handshakes when more come than can be computed. */
class HandshakesTest {

    private static final TestCertificate CERTIFICATE = TestCertificate.create();

    private final Handshakes handshakes = new Handshakes(CERTIFICATE.server(), 1);
    private final CountDownLatch busy = new CountDownLatch(1);
    private final List<String> computed = new CopyOnWriteArrayList<>();
    private final EmbeddedChannel early = new EmbeddedChannel();
    private final EmbeddedChannel late = new EmbeddedChannel();

    @BeforeEach
    void keepBusy() throws InterruptedException {
        var begun = new CountDownLatch(1);
        handshakes.of(new EmbeddedChannel()).execute(() -> {
            begun.countDown();
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        begun.await();
    }

    @AfterEach
    void close() {
        handshakes.close();
    }

    @Test
    void theNewestIsFirst() {
        compute(early, "the early");
        compute(late, "the late");

        busy.countDown();

        await().until(() -> computed.size() == 2);
        assertThat(computed).containsExactly("the late", "the early");
    }

    @Test
    void whoeverHasGoneIsForgotten() {
        compute(early, "the early");
        compute(late, "the late");
        var _ = early.close();
        assertThat(handshakes.waiting()).isEqualTo(1);

        busy.countDown();

        await().until(() -> computed.contains("the late"));
        assertThat(computed).containsExactly("the late");
    }

    @Test
    void keepsLittleOfWhoeverGoesOnSendingWhileItsGreetingWaits() throws SSLException {
        early.pipeline().addFirst(handshakes.handler(early));
        early.writeInbound(Unpooled.wrappedBuffer(greeting()));
        assertThat(handshakes.waiting()).isEqualTo(1);
        early.writeInbound(Unpooled.wrappedBuffer(new byte[32 * 1024]));
        assertThat(early.isOpen()).isTrue();

        early.writeInbound(Unpooled.wrappedBuffer(new byte[32 * 1024]));

        assertThat(early.isOpen()).isFalse();
        assertThat(handshakes.waiting()).isZero();
    }

    private static ByteBuffer greeting() throws SSLException {
        var client = CERTIFICATE.client().createSSLEngine();
        client.setUseClientMode(true);
        var bytes = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), bytes);
        return bytes.flip();
    }

    private void compute(EmbeddedChannel channel, String what) {
        handshakes.of(channel).execute(() -> computed.add(what));
    }
}
