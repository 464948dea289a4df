package sluice.limiter.proxy;

import io.netty.channel.socket.SocketChannel;

/** One end of what may become a tunnel: a whole connection of HTTP/1.1, which a switch of protocols takes over. */
interface Switchable {

    SocketChannel channel();

    /** Lets go of the channel, from which raw bytes are to be read. */
    void handOver(Tunnel.End end);
}
