package sluice.limiter.warmup;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.proxy.Transport;

/**
 * Sends requests through the sidecar's own parts before the first real one comes: code is loaded and compiled by then. They come from
 * and go to the sidecar itself, and nothing of them is logged, counted or limited together with real ones.
 */
public final class WarmUp {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private WarmUp() {}

    /**
     * Warms up for so long, however little CPU there is. Never fails: a sidecar that stays cold serves as well.
     *
     * @param data the loop that will carry the real requests
     * @param side another one, for the stand-ins
     */
    public static void run(Transport transport, EventLoop data, EventLoop side, Duration time) {
        var began = System.nanoTime();
        try (var rehearsal = Rehearsal.start(transport, data, side)) {
            var answers = answersWithin(time, rehearsal);
            LOG.atInfo()
                    .setMessage("Warmed up")
                    .addKeyValue("requests", answers)
                    .addKeyValue("millis", (System.nanoTime() - began) / 1_000_000)
                    .log();
        } catch (IOException | RuntimeException | ExecutionException e) {
            LOG.atWarn()
                    .setMessage("Cannot warm up: the first requests will be slower")
                    .setCause(e)
                    .log();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int answersWithin(Duration time, Rehearsal rehearsal)
            throws InterruptedException, ExecutionException {
        var callers = rehearsal.callers();
        try {
            callers.failed().get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // Nobody has failed, and this is as warm as the CPU allowed.
        }
        return callers.answers();
    }
}
