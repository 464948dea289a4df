package sluice.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network between two parties of a test: what connects to {@link #port()} reaches another port of this machine, until it is cut. */
public final class Cable implements AutoCloseable {

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private boolean silent;
    private volatile boolean severed;

    /** Leads to a port of the loopback address. */
    public Cable(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Nothing arrives any more, in either direction; nobody is told. */
    public synchronized void silence() {
        silent = true;
    }

    /** Every connection ends, and no new one comes about. */
    public void sever() {
        severed = true;
        ends.forEach(Cable::end);
    }

    private void accept() {
        try {
            while (true) {
                var near = listener.accept();
                ends.add(near);
                Thread.ofVirtual().start(() -> join(near));
            }
        } catch (IOException closed) {
            sever();
        }
    }

    private void join(Socket near) {
        try (near;
                var far = new Socket(InetAddress.getLoopbackAddress(), target)) {
            ends.add(far);
            if (severed) {
                return;
            }
            var back = Thread.ofVirtual().start(() -> carry(far, near));
            carry(near, far);
            end(far);
            back.join();
        } catch (IOException nobodyThere) {
            // As if the cable were severed: both ends are closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void carry(Socket from, Socket to) {
        var buffer = new byte[16 * 1024];
        try {
            for (int read; (read = from.getInputStream().read(buffer)) >= 0; ) {
                if (!isSilent()) {
                    to.getOutputStream().write(buffer, 0, read);
                }
            }
        } catch (IOException ended) {
            // By either party, or severed.
        }
        end(to);
    }

    private synchronized boolean isSilent() {
        return silent;
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sever();
    }
}
