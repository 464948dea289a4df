package sluice.limiter.redis;

import io.lettuce.core.cluster.SlotHash;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The servers that one version of a Secret leads to, and which of them has which keys. Where that may change it is asked for again: soon
 * at a sign that it has, at growing, jittered intervals while a server is missing, and twice a minute without any sign, for a
 * master that was cut off from its sentinels gives none. Everything happens on the event loop.
 */
final class RedisServers {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(1500);
    private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long REVIEW_NANOS = Duration.ofSeconds(30).toNanos();

    private final RedisAccess access;
    private final EventLoop loop;
    private final RedisConnector connector;
    private final RedisNode.Listener listener;
    private final Optional<Discovery> discovery;
    private final Map<RedisAddress, RedisNode> nodes = new HashMap<>();
    private final @Nullable RedisNode[] bySlot = new RedisNode[SlotHash.SLOT_COUNT];
    // Servers that are about to get their first slot are in no map yet.
    private final Set<RedisAddress> importing = new HashSet<>();
    private final Backoff pause = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private long reviewNanos = REVIEW_NANOS;
    private long askedAt = System.nanoTime();
    private boolean whole;
    private boolean wanted = true;
    private boolean waiting;
    private boolean asking;
    private boolean retired;

    RedisServers(RedisAccess access, EventLoop loop, RedisConnector connector, RedisNode.Listener listener) {
        this.access = access;
        this.loop = loop;
        this.connector = connector;
        this.listener = listener;
        this.discovery = Discovery.of(access, connector);
    }

    /** Begins to connect. */
    void start() {
        if (access.layout() instanceof RedisLayout.Standalone standalone) {
            install(SlotMap.of(standalone.server()));
        } else {
            ask();
        }
    }

    /** A way to the server that has this key, and with it all keys of the same hash tag; empty when it cannot be asked. */
    Optional<Route> route(String key) {
        var node = access.layout() instanceof RedisLayout.Cluster ? bySlot[SlotHash.getSlot(key)] : bySlot[0];
        return node == null ? Optional.empty() : node.admit().map(session -> new Route(this, node, session));
    }

    /** The server that a cluster says to ask instead; empty when it is not connected, or this is no cluster. */
    Optional<RedisNode> follow(Redirect redirect, RedisNode from) {
        if (!(access.layout() instanceof RedisLayout.Cluster) || retired) {
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
            lookAgain();
        }
        return Optional.of(to);
    }

    /** What was asked of this server came to nothing; true when it is no longer asked, for now. */
    boolean failed(RedisNode node, FailureReason reason) {
        var out = node.failed(reason);
        if (out || reason.wantsAnotherMap()) {
            lookAgain();
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
        nodes.values().forEach(RedisNode::dropIfHung);
        if (System.nanoTime() - askedAt > reviewNanos) {
            reviewNanos = ThreadLocalRandom.current().nextLong(REVIEW_NANOS / 2, REVIEW_NANOS * 3 / 2);
            importing.clear();
            lookAgain();
        }
    }

    /** There may be another map by now. */
    private void lookAgain() {
        if (System.nanoTime() - askedAt > QUIET_NANOS) {
            pause.reset();
        }
        wanted = true;
        askSoon();
    }

    private void askSoon() {
        if (!waiting && !asking && !retired && discovery.isPresent()) {
            waiting = true;
            var _ = loop.schedule(this::due, pause.next().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void due() {
        waiting = false;
        if (!retired && (wanted || !isDeciding())) {
            ask();
        }
    }

    private void ask() {
        wanted = false;
        asking = true;
        askedAt = System.nanoTime();
        var open = List.copyOf(nodes.values());
        var _ = discovery.orElseThrow().discover(open).whenCompleteAsync(this::answered, loop);
    }

    private void answered(@Nullable SlotMap map, @Nullable Throwable failure) {
        asking = false;
        if (retired) {
            return;
        }
        if (map != null) {
            install(map);
        } else {
            listener.failed(failure == null ? FailureReason.REPLY : FailureReason.of(failure));
        }
        askSoon();
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
        return nodes.computeIfAbsent(address, this::connected);
    }

    private RedisNode connected(RedisAddress address) {
        var node = new RedisNode(address, lost -> connector.connect(access, address, lost), loop, new Events());
        node.connect();
        return node;
    }

    /** Uses the connections as long as they last, and makes no others. */
    void retire() {
        retired = true;
        nodes.values().forEach(RedisNode::connectNoMore);
    }

    void close() {
        retired = true;
        nodes.values().forEach(RedisNode::close);
    }

    private final class Events implements RedisNode.Listener {
        @Override
        public void connected() {
            listener.connected();
        }

        @Override
        public void failed(FailureReason reason) {
            listener.failed(reason);
            if (reason.wantsAnotherMap()) {
                lookAgain();
            }
        }
    }
}
