package sluice.limiter.redis;

import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One decision's way to the server that has its keys, round the corners that a cluster sends it. */
final class Route {

    private static final int MOST_REDIRECTS = 3;

    private final RedisServers servers;
    private RedisNode node;
    private RedisSession session;
    private int redirects;
    private boolean abandoned;

    Route(RedisServers servers, RedisNode node, RedisSession session) {
        this.servers = servers;
        this.node = node;
        this.session = session;
    }

    /** Counts the connections: another one may see other data. */
    int connection() {
        return session.number();
    }

    /** Asks; {@link #succeeded} or {@link #failed} is to be called then, once. */
    void take(String[] keys, String[] arguments, BiConsumer<@Nullable Object, @Nullable Throwable> then) {
        take(false, keys, arguments, then);
    }

    private void take(
            boolean asking, String[] keys, String[] arguments, BiConsumer<@Nullable Object, @Nullable Throwable> then) {
        session.take(asking, keys, arguments, (reply, failure) -> {
            var redirect = failure == null ? Optional.<Redirect>empty() : Redirect.of(failure);
            if (redirect.isPresent() && follow(redirect.get())) {
                take(redirect.get().once(), keys, arguments, then);
            } else {
                then.accept(reply, failure);
            }
        });
    }

    private boolean follow(Redirect redirect) {
        // A server that redirects has not charged; nobody waits for the other one once the decision is taken.
        if (abandoned || ++redirects > MOST_REDIRECTS) {
            return false;
        }
        var other = servers.follow(redirect, node);
        var open = other.flatMap(RedisNode::admit);
        if (other.isEmpty() || open.isEmpty()) {
            return false;
        }
        node.succeeded();
        node = other.get();
        session = open.get();
        return true;
    }

    void succeeded() {
        node.succeeded();
    }

    /** Returns true when the server is no longer asked, for now. */
    boolean failed(FailureReason reason) {
        abandoned = true;
        return servers.failed(node, reason);
    }

    /** An answer came, though too late. */
    void answeredLate() {
        node.answeredLate();
    }
}
