package sluice.limiter.control;

import java.util.function.Consumer;
import sluice.limiter.config.LimiterConfig;

/** The configuration that is in force. */
public interface ActiveConfig {

    LimiterConfig current();

    /** Calls {@code listener} at once with the current configuration and later, on another thread, with each new one. */
    void onChange(Consumer<LimiterConfig> listener);
}
