package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import java.net.InetAddress;
import java.util.Optional;

/** What goes out on a stream of a client's connection of HTTP/2: one answer, and the stream's end. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends in channelInactive.
final class Http2ClientOutput implements Client {

    private final Channel channel;
    private final ProxyEnvironment environment;
    private final Http2ClientConnection connection;
    private final Http2ClientStream stream;
    private final Http2Output output;
    private boolean grpc;
    private boolean begun;
    private boolean finished;
    private long finishedAt;

    Http2ClientOutput(
            Channel channel, ProxyEnvironment environment, Http2ClientConnection connection, Http2ClientStream stream) {
        this.channel = channel;
        this.environment = environment;
        this.connection = connection;
        this.stream = stream;
        this.output = new Http2Output(channel);
    }

    long kept() {
        return output.kept();
    }

    /** Says whether it is a call of gRPC that is answered. */
    void answering(boolean grpc) {
        this.grpc = grpc;
    }

    /** True when the client has been told how its request fares. */
    boolean hasBegun() {
        return begun;
    }

    @Override
    public InetAddress peer() {
        return connection.peer();
    }

    @Override
    public String peerText() {
        return connection.peerText();
    }

    @Override
    public Upstreams upstreams() {
        return environment.streamUpstreams();
    }

    @Override
    public void interim(HttpResponse answer) {
        channel.writeAndFlush(new DefaultHttp2HeadersFrame(Http2Messages.headOf(answer), false));
    }

    @Override
    public void write(HttpObject message) {
        begun |= message instanceof HttpResponse;
        output.write(message);
    }

    @Override
    public void flush() {
        output.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void pauseBody(boolean pause) {
        Http2Reading.pause(channel, pause);
    }

    @Override
    public void answerUnread(FullHttpResponse answer, RequestShape request, boolean close) {
        answer(answer, request.isHead());
    }

    /** Answers in the place of the app, in gRPC's words when it is a call; {@code headOnly} leaves the body out. */
    void answer(FullHttpResponse answer, boolean headOnly) {
        begun = true;
        output.begin(grpc ? Grpc.trailersOnly(answer) : Http2Messages.headOf(answer));
        if (grpc || headOnly) {
            answer.release();
            output.add(LastHttpContent.EMPTY_LAST_CONTENT);
        } else {
            output.add(answer);
        }
        finished(false);
    }

    /** A stream ends when both have ended it, whether the connection stays or not. */
    @Override
    public void finished(boolean close) {
        stream.exchangeEnded();
        finished = true;
        finishedAt = System.nanoTime();
        pauseBody(false);
        flush();
    }

    /** Ends a stream that is answered and that the client does not end, or does not read. */
    void tick(long now) {
        if (finished) {
            var timeouts = environment.timeouts();
            var unwanted = output.isWritten() && !stream.isRequestEnded();
            if (now - finishedAt >= (unwanted ? timeouts.linger() : timeouts.stalled()).toNanos()) {
                // With NO_ERROR the client keeps the answer and stops sending (RFC 9113, section 8.1).
                reset(unwanted ? Http2Error.NO_ERROR : Http2Error.CANCEL);
            }
        }
    }

    @Override
    public void abort() {
        stream.exchangeEnded();
        reset(Http2Error.INTERNAL_ERROR);
    }

    void reset(Http2Error code) {
        channel.writeAndFlush(new DefaultHttp2ResetFrame(code));
    }

    @Override
    public Optional<Switchable> switchable() {
        return Optional.empty();
    }
}
