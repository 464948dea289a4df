package sluice.limiter.proxy;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Whoever sent a request, as its exchange sees it. The two speak in messages of HTTP/1.1, whatever they become on the wire: what a wire
 * does not know (chunks, {@code Connection}) is for its client to leave out.
 */
interface Client {

    InetAddress peer();

    String peerText();

    /** Where its requests go. */
    Upstreams upstreams();

    /** Sends an answer of 1xx. */
    void interim(HttpResponse answer);

    /** Takes over {@code message}, a part of the answer. */
    void write(HttpObject message);

    void flush();

    boolean isWritable();

    /** Stops reading while the app does not take the body. */
    void pauseBody(boolean pause);

    /** Answers in the place of the app, whatever of the request is still to come. */
    void answerUnread(FullHttpResponse answer, RequestShape request, boolean close);

    /** The answer to the current request has been written. */
    void finished(boolean close);

    /** Breaks the answer off, so that half of it cannot be taken for the whole. */
    void abort();

    /** What raw bytes may be exchanged with from now on; empty when a next request has come already, or never can be. */
    Optional<Switchable> switchable();
}
