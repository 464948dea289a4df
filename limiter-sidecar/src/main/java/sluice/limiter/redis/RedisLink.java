package sluice.limiter.redis;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads to the servers that the Secret names, by its files as they are now. When they change, the old connections are used until the new
 * ones work. State is confined to the event loop.
 */
final class RedisLink {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private final Path folder;
    private final EventLoop loop;
    private final RedisConnector connector;
    private final RedisNode.Listener listener;
    private volatile Optional<RedisSecret> secret = Optional.empty();
    private volatile boolean read;
    private @Nullable RedisServers servers;
    private @Nullable RedisServers next;
    private boolean closed;

    RedisLink(Path folder, EventLoop loop, RedisConnector connector, RedisNode.Listener listener) {
        this.folder = folder;
        this.loop = loop;
        this.connector = connector;
        this.listener = listener;
    }

    /** A way to the server that has this key; empty when it cannot be asked. */
    Optional<Route> route(String key) {
        return servers == null ? Optional.empty() : servers.route(key);
    }

    /** True when every key has a server that decides. */
    boolean isDeciding() {
        return servers != null && servers.isDeciding();
    }

    /** Reads the Secret's files and connects anew when they have changed. Reads files: not for the event loop. */
    void refresh() {
        Optional<RedisSecret> found;
        try {
            found = RedisSecret.read(folder);
        } catch (IOException e) {
            // The next refresh finds them at rest.
            return;
        }
        if (!read || !found.equals(secret)) {
            read = true;
            secret = found;
            tell(found);
            var access = found.filter(usable -> usable.problem().isEmpty()).map(RedisSecret::access);
            loop.execute(() -> follow(access));
        }
    }

    private void tell(Optional<RedisSecret> found) {
        var problem = found.flatMap(RedisSecret::problem);
        if (problem.isPresent()) {
            LOG.warn("Redis Secret {} cannot be used: {}", folder.getFileName(), problem.get());
        } else {
            LOG.info("Redis Secret {}: {}", found.isPresent() ? "read" : "missing", folder.getFileName());
        }
    }

    private void follow(Optional<RedisAccess> access) {
        if (closed) {
            return;
        }
        if (next != null) {
            next.close();
            next = null;
        }
        if (servers != null) {
            servers.connectNoMore();
        }
        if (access.isPresent()) {
            next = new RedisServers(access.get(), loop, connector, new Events());
            next.start();
            takeOver();
        } else {
            // Nothing to try before the files change.
            listener.failed(FailureReason.SECRET);
        }
    }

    private void takeOver() {
        if (next != null && (servers == null || !servers.isConnected() || next.isReady())) {
            if (servers != null) {
                servers.leave();
            }
            servers = next;
            next = null;
        }
    }

    /** To be called about twice a second. */
    void watch() {
        if (servers != null) {
            servers.watch();
        }
        if (next != null) {
            next.watch();
        }
        takeOver();
    }

    void close() {
        closed = true;
        if (servers != null) {
            servers.close();
        }
        if (next != null) {
            next.close();
        }
    }

    private final class Events implements RedisNode.Listener {
        @Override
        public void connected() {
            takeOver();
            listener.connected();
        }

        @Override
        public void failed(FailureReason reason) {
            takeOver();
            listener.failed(reason);
        }
    }
}
