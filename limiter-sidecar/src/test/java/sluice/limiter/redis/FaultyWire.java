package sluice.limiter.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** A wire to a server on this machine that can swallow what it carries, or carry it slowly. */
final class FaultyWire implements AutoCloseable {

    private static final int BUFFER = 16_384;
    private static final long GLANCE_NANOS = 1_000_000;

    private final ServerSocket entry;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean swallowing;
    private volatile long delayNanos;

    private FaultyWire(ServerSocket entry, int target) {
        this.entry = entry;
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    static FaultyWire to(int target) {
        try {
            return new FaultyWire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return entry.getLocalPort();
    }

    /** Takes everything and delivers nothing: connections stay open, and no answer comes. */
    void swallow(boolean everything) {
        swallowing = everything;
    }

    /** Delivers everything this much later. */
    void delay(long millis) {
        delayNanos = millis * 1_000_000;
    }

    private void accept() {
        while (!entry.isClosed()) {
            try {
                var near = entry.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(near);
                sockets.add(far);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> carry(near, far));
                Thread.ofVirtual().start(() -> carry(far, near));
            } catch (IOException e) {
                // The entry is closed, or the server is gone: whoever called finds out by itself.
            }
        }
    }

    private void carry(Socket from, Socket to) {
        var buffer = new byte[BUFFER];
        try (from;
                to) {
            for (var read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                LockSupport.parkNanos(delayNanos);
                while (swallowing) {
                    LockSupport.parkNanos(GLANCE_NANOS);
                }
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One end is gone, and so is the other.
        }
    }

    @Override
    public void close() {
        swallowing = false;
        try {
            entry.close();
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
