package sluice.limiter.redis;

import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks all sentinels at once, and believes the first answer that more than half of them give: one that was cut off may still name
 * the old master. When there is none, the one that most give.
 */
final class SentinelDiscovery implements Discovery {

    private final RedisLayout.Sentinel layout;
    private final RedisAccess access;
    private final RedisConnector connector;
    private final EventLoop loop;

    SentinelDiscovery(RedisLayout.Sentinel layout, RedisAccess access, RedisConnector connector, EventLoop loop) {
        this.layout = layout;
        this.access = access;
        this.connector = connector;
        this.loop = loop;
    }

    @Override
    public CompletableFuture<SlotMap> discover(List<RedisNode> open) {
        return new Poll().begin();
    }

    @Override
    public Runnable listen(Runnable sign) {
        var news = new SentinelNews(layout, access, connector, loop, sign);
        news.listen();
        return news::end;
    }

    private CompletableFuture<RedisAddress> ask(RedisAddress sentinel) {
        return connector
                .ask(access.sentinel(sentinel), "SENTINEL", "get-master-addr-by-name", layout.master())
                .thenApply(answer -> address(answer, sentinel));
    }

    private static RedisAddress address(@Nullable Object answer, RedisAddress sentinel) {
        if (!(answer instanceof List<?> parts)
                || parts.size() != 2
                || !(parts.getFirst() instanceof String host)
                || !(parts.getLast() instanceof String port)) {
            throw new UnknownMasterException();
        }
        return RedisAddress.announced(host, port, sentinel.host());
    }

    /** One round of questions; all answers come on the event loop. */
    private final class Poll {

        private final CompletableFuture<SlotMap> result = new CompletableFuture<>();
        private final Map<RedisAddress, Integer> votes = new HashMap<>();
        private int awaited = layout.sentinels().size();

        CompletableFuture<SlotMap> begin() {
            layout.sentinels().forEach(sentinel -> {
                var _ = ask(sentinel).whenComplete(this::answered);
            });
            return result;
        }

        private void answered(@Nullable RedisAddress master, @Nullable Throwable failure) {
            awaited--;
            if (master != null
                    && votes.merge(master, 1, Integer::sum) * 2
                            > layout.sentinels().size()) {
                result.complete(SlotMap.of(master));
            } else if (awaited == 0) {
                votes.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .ifPresentOrElse(
                                most -> result.complete(SlotMap.of(most.getKey())),
                                () -> result.completeExceptionally(
                                        failure == null ? new UnknownMasterException() : failure));
            }
        }
    }
}
