package sluice.limiter.redis;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Finds out which servers have which hash slots, where that may change. */
@FunctionalInterface
interface Discovery {

    /**
     * Asks; completes on the event loop.
     *
     * @param open connections to the servers known so far
     */
    CompletableFuture<SlotMap> discover(List<RedisNode> open);

    /** Begins to listen for signs that the answer has changed, if there are any to hear; returns what ends it. */
    default Runnable listen(Runnable sign) {
        return () -> {};
    }

    /** The way for a layout; empty where there is nothing to be found out. */
    static Optional<Discovery> of(RedisAccess access, RedisConnector connector, EventLoop loop) {
        return switch (access.layout()) {
            case RedisLayout.Standalone standalone -> Optional.empty();
            case RedisLayout.Sentinel sentinel -> Optional.of(new SentinelDiscovery(sentinel, access, connector, loop));
            case RedisLayout.Cluster cluster -> Optional.of(new ClusterDiscovery(cluster, access, connector));
        };
    }
}
