package sluice.limiter.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port that refuses connections for as long as it is held: bound, so that nobody else can get it, and not listening. */
final class RefusingPort implements AutoCloseable {

    private final Socket holder = new Socket();

    RefusingPort() throws IOException {
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), holder.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
