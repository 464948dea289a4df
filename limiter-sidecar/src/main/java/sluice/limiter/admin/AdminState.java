package sluice.limiter.admin;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import sluice.limiter.metrics.MetricsFormat;

/**
 * What the admin port shows and does.
 *
 * @param loop runs a task on the data port's event loop: a probe that gets its answer has seen that loop alive
 * @param ready listening and warm; says nothing of Redis, without which the sidecar serves as well
 * @param metrics all of them, in the format that is asked for
 * @param drain starts draining; may be called again
 * @param drainToken what the drain's caller must know; empty lets nobody drain
 */
public record AdminState(
        Executor loop,
        BooleanSupplier ready,
        Function<MetricsFormat, String> metrics,
        Runnable drain,
        String drainToken) {}
