package sluice.limiter.proxy;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Optional;

/** What goes out on a client's connection of HTTP/1.1: its answers, and its end. */
@SuppressWarnings("FutureReturnValueIgnored") // A write or close that fails ends in channelInactive.
final class ClientOutput implements Client, Switchable {

    private final SocketChannel channel;
    private final ProxyEnvironment environment;
    private final ClientConnection connection;
    private final RequestIntake intake;
    private final InetAddress peer;
    private final String peerText;
    private boolean closing;

    ClientOutput(
            SocketChannel channel, ProxyEnvironment environment, ClientConnection connection, RequestIntake intake) {
        this.channel = channel;
        this.environment = environment;
        this.connection = connection;
        this.intake = intake;
        this.peer = channel.remoteAddress().getAddress();
        this.peerText = NetUtil.toAddressString(peer);
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public InetAddress peer() {
        return peer;
    }

    @Override
    public String peerText() {
        return peerText;
    }

    @Override
    public Upstreams upstreams() {
        return environment.upstreams();
    }

    @Override
    public void interim(HttpResponse answer) {
        write(answer);
        write(LastHttpContent.EMPTY_LAST_CONTENT);
        flush();
    }

    @Override
    public void write(HttpObject message) {
        channel.write(Kept.alone(message), channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void pauseBody(boolean pause) {
        intake.pauseBody(pause);
    }

    @Override
    public void answerUnread(FullHttpResponse answer, RequestShape request, boolean close) {
        var undroppable = intake.isBodyUnread() && !request.isDroppable();
        answer(answer, request.http11(), close || undroppable || !request.keepAlive() || environment.draining());
    }

    void answer(FullHttpResponse answer, boolean http11, boolean close) {
        AnswerHead.markConnection(answer.headers(), close, http11);
        write(answer);
        finished(close);
    }

    @Override
    public void finished(boolean close) {
        connection.exchangeEnded();
        if (close) {
            close();
        } else {
            flush();
            connection.next();
        }
    }

    boolean isClosing() {
        return closing;
    }

    /** Closes after what was written. */
    void close() {
        if (!closing) {
            end();
            channel.pipeline().replace(connection, null, new Lingering(channel, environment));
            // What has been refused is decoded to nothing, and that the client goes on sending would not be heard.
            channel.pipeline().remove(StrictRequestDecoder.class);
        }
    }

    void end() {
        closing = true;
        environment.clients().remove(connection);
        intake.clear();
    }

    @Override
    public void abort() {
        connection.exchangeEnded();
        end();
        flush();
        Breaking.off(channel);
    }

    @Override
    public Optional<Switchable> switchable() {
        return connection.isBetweenRequests() ? Optional.of(this) : Optional.empty();
    }

    @Override
    public void handOver(Tunnel.End end) {
        connection.exchangeEnded();
        environment.clients().remove(connection);
        channel.pipeline().replace(connection, null, end);
        channel.pipeline().remove(ClientEncoder.class);
        channel.pipeline().remove(StrictRequestDecoder.class);
    }
}
