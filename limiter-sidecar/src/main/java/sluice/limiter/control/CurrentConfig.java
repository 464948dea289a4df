package sluice.limiter.control;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sluice.limiter.config.LimiterConfig;

/** Holds the configuration in force and tells its listeners, one change after the other, in order. */
final class CurrentConfig implements ActiveConfig {

    private final List<Consumer<LimiterConfig>> listeners = new ArrayList<>();
    private volatile LimiterConfig current = LimiterConfig.passThrough();

    @Override
    public LimiterConfig current() {
        return current;
    }

    @Override
    public synchronized void onChange(Consumer<LimiterConfig> listener) {
        listeners.add(listener);
        listener.accept(current);
    }

    synchronized void set(LimiterConfig config) {
        current = config;
        listeners.forEach(listener -> listener.accept(config));
    }
}
