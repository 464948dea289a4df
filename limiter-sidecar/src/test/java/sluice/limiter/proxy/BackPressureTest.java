package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A body of any size goes through in the memory of a few buffers, however slow its reader is. */
class BackPressureTest {

    private static final int BLOCK = 1 << 20;
    private static final int BLOCKS = 100;
    private static final long BOUND = 16L << 20;

    private ProxyHarness proxy;
    // What tests before have left in the allocator's pools.
    private long before;
    private long peak;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness();
        before = usedMemory();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private static long usedMemory() {
        var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    private static void writeAll(OutputStream out) throws IOException {
        var block = new byte[BLOCK];
        for (var i = 0; i < BLOCKS; i++) {
            out.write(block);
        }
        out.flush();
    }

    /** Reads a hundred blocks, the first of them only when the other side had time to run ahead as far as it can. */
    private void readSlowly(InputStream in, CountDownLatch stalled) throws IOException, InterruptedException {
        stalled.await(2, TimeUnit.SECONDS);
        for (var i = 0; i < BLOCKS; i++) {
            assertThat(in.readNBytes(BLOCK)).hasSize(BLOCK);
            peak = Math.max(peak, usedMemory() - before);
        }
    }

    @Test
    void streamsALargeAnswerToASlowClient() throws Exception {
        var never = new CountDownLatch(1);
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) BLOCK * BLOCKS + "\r\n\r\n");
            writeAll(connection.out());
        });
        try (var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
            readSlowly(client.in(), never);
        }
        assertThat(peak).isLessThan(BOUND);
    }

    @Test
    void streamsALargeRequestToASlowApp() throws Exception {
        var read = new CompletableFuture<Void>();
        var never = new CountDownLatch(1);
        proxy.app().playing(connection -> {
            connection.readHead();
            try {
                readSlowly(connection.in(), never);
                read.complete(null);
            } catch (InterruptedException | AssertionError e) {
                read.completeExceptionally(e);
            }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        try (var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: " + (long) BLOCK * BLOCKS + "\r\n\r\n");
            writeAll(client.out());
            assertThat(client.read().status()).isEqualTo(200);
        }
        read.join();
        assertThat(peak).isLessThan(BOUND);
    }

    @Test
    void holdsABodyBackWhileItsRequestIsBeingJudged() throws Exception {
        proxy.judge().judgeLater();
        proxy.app().playing(connection -> {
            var head = connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"
                    + connection.readBody(head).length());
        });
        try (var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 1000000\r\n\r\n" + "a".repeat(1_000_000));
            assertThat(client.read().body()).isEqualTo("1000000");
        }
    }
}
