package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WebSocket from the JDK's client to Netty's server. */
class WebSocketTest {

    private static final int LARGE = 1 << 20;
    private static final int LEAVING = 1001;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ChannelGroup apps = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private IoEventLoopGroup loop;
    private Channel listener;
    private ProxyHarness proxy;

    /** Sends back what it gets; {@code bye} ends it. */
    @SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the connection.
    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text && text.text().equals("bye")) {
                ctx.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE));
            } else {
                ctx.writeAndFlush(frame.retain());
            }
        }
    }

    private final class Pipeline extends ChannelInitializer<SocketChannel> {

        @Override
        protected void initChannel(SocketChannel channel) {
            apps.add(channel);
            channel.pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(LARGE))
                    .addLast(new WebSocketServerProtocolHandler("/chat", "v2.chat", true, 2 * LARGE))
                    .addLast(new WebSocketFrameAggregator(2 * LARGE))
                    .addLast(new Echo());
        }
    }

    /** What the client hears, message by message. */
    private static final class Heard implements WebSocket.Listener {

        private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private int bytes;

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            bytes += data.remaining();
            if (last) {
                messages.add(bytes + " bytes");
                bytes = 0;
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            messages.add("pong " + StandardCharsets.UTF_8.decode(data));
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }

        String next() throws InterruptedException {
            var message = messages.poll(20, TimeUnit.SECONDS);
            return message == null ? "nothing" : message;
        }
    }

    @BeforeEach
    void start() {
        var transport = Transport.best();
        loop = transport.newLoop("websocket-app");
        listener = new ServerBootstrap()
                .group(loop)
                .channel(transport.serverChannel())
                .childHandler(new Pipeline())
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        proxy = new ProxyHarness((InetSocketAddress) listener.localAddress());
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        proxy.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private WebSocket open(Heard heard) {
        return http.newWebSocketBuilder()
                .subprotocols("v1.chat", "v2.chat")
                .connectTimeout(Duration.ofSeconds(20))
                .buildAsync(URI.create("ws://127.0.0.1:" + proxy.server().port() + "/chat"), heard)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void carriesMessagesOfEveryKindAndSize() throws Exception {
        var heard = new Heard();
        var socket = open(heard);
        assertThat(socket.getSubprotocol()).isEqualTo("v2.chat");
        socket.sendText("grüße", true).join();
        assertThat(heard.next()).isEqualTo("grüße");
        socket.sendText("in two ", false).join();
        socket.sendText("pieces", true).join();
        assertThat(heard.next()).isEqualTo("in two pieces");
        socket.sendBinary(ByteBuffer.allocate(LARGE), true).join();
        assertThat(heard.next()).isEqualTo(LARGE + " bytes");
        socket.sendPing(ByteBuffer.wrap("there?".getBytes(StandardCharsets.UTF_8)))
                .join();
        assertThat(heard.next()).isEqualTo("pong there?");
        socket.abort();
    }

    @Test
    void carriesTheClientsClosingAndItsAnswer() {
        var heard = new Heard();
        var socket = open(heard);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").join();
        assertThat(heard.closed.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }

    @Test
    void carriesTheAppsClosing() {
        var heard = new Heard();
        open(heard).sendText("bye", true).join();
        assertThat(heard.closed.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(LEAVING);
    }

    @Test
    void tellsTheClientToGoElsewhereWhenItDrains() throws Exception {
        var heard = new Heard();
        var socket = open(heard);
        socket.sendText("here", true).join();
        assertThat(heard.next()).isEqualTo("here");
        proxy.server().drain();
        assertThat(heard.closed.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(LEAVING);
        // The client's answer reaches the app, which then closes.
        await().atMost(Duration.ofSeconds(20)).until(apps::isEmpty);
    }

    @Test
    void letsTheClientCloseBeforeItEnds() {
        var heard = new Heard();
        open(heard);
        await().atMost(Duration.ofSeconds(20)).until(() -> apps.size() == 1);
        assertThat(proxy.server().stop(Duration.ofMinutes(1))).succeedsWithin(Duration.ofSeconds(20));
        assertThat(heard.closed.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(LEAVING);
    }
}
