package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketFarewellTest {

    private static final String HELLO = "810568656c6c6f";
    private static final String GOING_AWAY = "880203e9";

    private final EmbeddedChannel client = new EmbeddedChannel();
    private final WebSocketFarewell farewell = new WebSocketFarewell(client);

    @AfterEach
    void end() {
        client.finishAndReleaseAll();
    }

    private void appSends(String hex) {
        farewell.pass(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
        client.flush();
    }

    private String clientHas() {
        var all = new StringBuilder();
        for (ByteBuf next = client.readOutbound(); next != null; next = client.readOutbound()) {
            all.append(ByteBufUtil.hexDump(next));
            next.release();
        }
        return all.toString();
    }

    @Test
    void isSaidAtOnceBetweenFrames() {
        appSends(HELLO + HELLO);
        farewell.say();
        farewell.say();
        appSends(HELLO);
        assertThat(clientHas()).isEqualTo(HELLO + HELLO + GOING_AWAY);
    }

    @Test
    void isSaidBehindTheFrameThatIsOnItsWay() {
        appSends(HELLO + "8105");
        farewell.say();
        appSends("6865");
        assertThat(clientHas()).isEqualTo(HELLO + "81056865");
        appSends("6c6c6f" + HELLO);
        appSends(HELLO);
        assertThat(clientHas()).isEqualTo("6c6c6f" + GOING_AWAY);
    }

    @Test
    void isNotSaidToAClientThatTheAppHasSaidItTo() {
        appSends("880203e8");
        farewell.say();
        assertThat(clientHas()).isEqualTo("880203e8");
    }
}
