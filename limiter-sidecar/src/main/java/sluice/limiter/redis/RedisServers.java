package sluice.limiter.redis;

import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The servers that one version of a Secret leads to, and which of them has which keys. Without a cluster one server has all. Everything
 * happens on the event loop.
 */
final class RedisServers {

    private final RedisAccess access;
    private final EventLoop loop;
    private final RedisConnector connector;
    private final RedisNode.Listener listener;
    private final Optional<Lookout> lookout;
    private final Map<RedisAddress, RedisNode> nodes = new HashMap<>();
    private final @Nullable RedisNode[] bySlot = new RedisNode[HashSlot.COUNT];
    // Servers that are about to get their first slot are in no map yet.
    private final Set<RedisAddress> importing = new HashSet<>();
    private boolean whole;
    private boolean left;

    RedisServers(RedisAccess access, EventLoop loop, RedisConnector connector, RedisNode.Listener listener) {
        this.access = access;
        this.loop = loop;
        this.connector = connector;
        this.listener = listener;
        this.lookout =
                Discovery.of(access, connector, loop).map(discovery -> new Lookout(discovery, loop, new MapEvents()));
    }

    /** Begins to connect. */
    void start() {
        if (access.layout() instanceof RedisLayout.Standalone standalone) {
            install(SlotMap.of(standalone.server()));
        } else {
            lookout.ifPresent(Lookout::start);
        }
    }

    private boolean isCluster() {
        return access.layout() instanceof RedisLayout.Cluster;
    }

    /** A way to the server that has this key, and with it all keys of the same hash tag; empty when it cannot be asked. */
    Optional<Route> route(String key) {
        var node = bySlot[isCluster() ? HashSlot.of(key) : 0];
        return node == null ? Optional.empty() : node.admit().map(session -> new Route(this, node, session));
    }

    /** The server that a cluster says to ask instead, which may not be connected yet; empty when this is no cluster. */
    Optional<RedisNode> follow(Redirect redirect, RedisNode from) {
        if (!isCluster() || left) {
            return Optional.empty();
        }
        RedisNode to;
        try {
            to = node(RedisAddress.announced(redirect.address(), from.address().host()));
        } catch (NonsenseException e) {
            return Optional.empty();
        }
        if (redirect.once()) {
            importing.add(to.address());
        } else {
            bySlot[redirect.slot()] = to;
            lookout.ifPresent(Lookout::lookAgain);
        }
        return Optional.of(to);
    }

    /** What was asked of this server came to nothing; true when it is no longer asked, for now. */
    boolean failed(RedisNode node, FailureReason reason) {
        var out = node.failed(reason);
        if (out || reason.wantsAnotherMap()) {
            lookout.ifPresent(Lookout::lookAgain);
        }
        return out;
    }

    /** True when every key has a server that decides. */
    boolean isDeciding() {
        return whole && nodes.values().stream().allMatch(RedisNode::isDeciding);
    }

    boolean isConnected() {
        return nodes.values().stream().anyMatch(node -> node.session().isPresent());
    }

    /** True when it can take over: there is a connection, and the first attempt at every other is over. */
    boolean isReady() {
        return isConnected() && nodes.values().stream().allMatch(RedisNode::isTried);
    }

    /** To be called about twice a second. */
    void watch() {
        nodes.values().forEach(RedisNode::watch);
        lookout.filter(Lookout::isReviewDue).ifPresent(due -> {
            importing.clear();
            due.lookAgain();
        });
    }

    private void install(SlotMap map) {
        var servers = map.servers();
        nodes.values().removeIf(node -> {
            var gone = !servers.contains(node.address()) && !importing.contains(node.address());
            if (gone) {
                node.retire();
            }
            return gone;
        });
        Arrays.fill(bySlot, null);
        map.ranges().forEach(range -> Arrays.fill(bySlot, range.first(), range.last() + 1, node(range.server())));
        whole = Arrays.stream(bySlot).allMatch(Objects::nonNull);
    }

    private RedisNode node(RedisAddress address) {
        return nodes.computeIfAbsent(address, this::connecting);
    }

    private RedisNode connecting(RedisAddress address) {
        var node = new RedisNode(address, lost -> connector.connect(access, address, lost), loop, new NodeEvents());
        node.connect();
        return node;
    }

    /** Uses the connections as long as they last, and makes no others. */
    void connectNoMore() {
        end();
        nodes.values().forEach(RedisNode::connectNoMore);
    }

    /** Closes the connections, when what is under way has been answered. */
    void leave() {
        end();
        nodes.values().forEach(RedisNode::retire);
    }

    void close() {
        end();
        nodes.values().forEach(RedisNode::close);
    }

    private void end() {
        left = true;
        lookout.ifPresent(Lookout::end);
    }

    private final class NodeEvents implements RedisNode.Listener {
        @Override
        public void connected() {
            listener.connected();
        }

        @Override
        public void failed(FailureReason reason) {
            listener.failed(reason);
            if (reason.wantsAnotherMap()) {
                lookout.ifPresent(Lookout::lookAgain);
            }
        }
    }

    private final class MapEvents implements Lookout.Owner {
        @Override
        public List<RedisNode> nodes() {
            return List.copyOf(nodes.values());
        }

        @Override
        public boolean isDeciding() {
            return RedisServers.this.isDeciding();
        }

        @Override
        public void found(SlotMap map) {
            install(map);
        }

        @Override
        public void failed(FailureReason reason) {
            listener.failed(reason);
        }
    }
}
