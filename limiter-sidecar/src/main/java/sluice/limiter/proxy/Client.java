package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import java.net.InetAddress;

/** Whoever sent a request, as its exchange sees it. */
interface Client {

    Channel channel();

    InetAddress peer();

    String peerText();

    /** Takes over {@code message}, a part of the answer. */
    void write(Object message);

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

    /** True when raw bytes may be exchanged from now on: nothing of a next request has come yet. */
    boolean canSwitch();

    /** Lets go of the channel, from which raw bytes are to be read. */
    void handOver(Tunnel.End end);
}
