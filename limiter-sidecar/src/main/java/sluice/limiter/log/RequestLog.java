package sluice.limiter.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the request log from a thread of its own. A reader of stdout that is slow or stuck costs log lines, which are counted, and
 * never a request.
 */
public final class RequestLog implements AutoCloseable {

    /** How many lines may wait for the writer. */
    public static final int CAPACITY = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final int BATCH_BYTES = 32 * 1024;
    private static final long SHORTEST_PAUSE = Duration.ofMillis(5).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMillis(80).toNanos();
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final LineRing lines = new LineRing(CAPACITY);
    private final Failures failures = new Failures();
    private final RequestLineEncoder encoder = new RequestLineEncoder();
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream(2 * BATCH_BYTES);
    private final OutputStream out;
    private final Runnable dropped;
    private final Thread writer;
    private volatile boolean closed;

    // The platform's priority is meant: the log is late rather than an answer. It is dropped before it is waited for,
    // so nothing hangs on it.
    @SuppressWarnings("ThreadPriorityCheck")
    private RequestLog(OutputStream out, Runnable dropped) {
        this.out = out;
        this.dropped = dropped;
        this.writer = Thread.ofPlatform()
                .name("request-log")
                .priority(Thread.MIN_PRIORITY)
                .daemon()
                .unstarted(this::run);
    }

    /** Starts writing to {@code out}, whole lines at a time; {@code dropped} is told of each line that found no room. */
    public static RequestLog start(OutputStream out, Runnable dropped) {
        var log = new RequestLog(out, dropped);
        log.writer.start();
        return log;
    }

    /** Never blocks. By the event loop only. */
    public void write(RequestLine line) {
        if (!lines.offer(line)) {
            dropped.run();
        }
    }

    /** The last lines of requests that failed, shortened: at most six, the candidate's first. On any thread. */
    public List<String> failures() {
        return failures.told(System.currentTimeMillis());
    }

    private void run() {
        var pause = SHORTEST_PAUSE;
        while (true) {
            var last = closed;
            if (writeBatch()) {
                pause = SHORTEST_PAUSE;
            } else if (last) {
                return;
            } else {
                // Looking again now and then costs less than a wake-up per request on the event loop would.
                LockSupport.parkNanos(pause);
                pause = Math.min(LONGEST_PAUSE, 2 * pause);
            }
        }
    }

    private boolean writeBatch() {
        batch.reset();
        try {
            encodeWaiting();
            batch.writeTo(out);
            out.flush();
        } catch (IOException | RuntimeException e) {
            // Whatever it was, the writer goes on: without it every later line would be lost.
            LOG.atWarn().setMessage("Cannot write the request log").setCause(e).log();
        }
        return batch.size() > 0;
    }

    private void encodeWaiting() throws IOException {
        try (var json = encoder.to(batch)) {
            var line = lines.poll();
            while (line != null) {
                failures.see(line);
                encoder.write(line, json);
                json.flush();
                line = batch.size() < BATCH_BYTES ? lines.poll() : null;
            }
        }
    }

    /** Writes what is waiting, for two seconds at most. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
