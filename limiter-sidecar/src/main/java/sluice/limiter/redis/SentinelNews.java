package sluice.limiter.redis;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hears from one sentinel that the master has been switched, from the next one when the connection ends. Only a hint to ask them all: in a
 * planned failover the old master takes writes for some ten seconds more, and gives no sign itself.
 */
final class SentinelNews {

    private static final String CHANNEL = "+switch-master";
    // The sentinels tell each other every two seconds; until then most may still name the old master.
    private static final List<Duration> SIGNS = List.of(
            Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));

    private final RedisLayout.Sentinel layout;
    private final RedisAccess access;
    private final RedisConnector connector;
    private final EventLoop loop;
    private final Runnable sign;
    private final Backoff pause = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));
    private int turn = ThreadLocalRandom.current().nextInt(Short.MAX_VALUE);
    private Runnable hangUp = () -> {};
    private boolean ended;

    SentinelNews(
            RedisLayout.Sentinel layout, RedisAccess access, RedisConnector connector, EventLoop loop, Runnable sign) {
        this.layout = layout;
        this.access = access;
        this.connector = connector;
        this.loop = loop;
        this.sign = sign;
    }

    void listen() {
        if (ended) {
            return;
        }
        var sentinel = layout.sentinels().get(turn++ % layout.sentinels().size());
        var _ = connector
                .subscribe(access.sentinel(sentinel), CHANNEL, this::heard, this::listenLater)
                .whenCompleteAsync(this::listening, loop);
    }

    // <master name> <old host> <old port> <new host> <new port>
    private void heard(String news) {
        if (news.startsWith(layout.master() + " ")) {
            SIGNS.forEach(delay -> {
                var _ = loop.schedule(sign, delay.toMillis(), TimeUnit.MILLISECONDS);
            });
        }
    }

    private void listening(@Nullable RedisConnection connection, @Nullable Throwable failure) {
        if (connection == null) {
            // A user that may not subscribe will not be allowed to by asking again.
            if (failure == null || FailureReason.of(failure) != FailureReason.AUTH) {
                listenLater();
            }
        } else if (ended) {
            connection.close();
        } else {
            hangUp = connection::close;
            pause.reset();
        }
    }

    private void listenLater() {
        if (!ended) {
            var _ = loop.schedule(this::listen, pause.next().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void end() {
        ended = true;
        hangUp.run();
    }
}
