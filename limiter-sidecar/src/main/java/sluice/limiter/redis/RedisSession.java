package sluice.limiter.redis;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An established connection that takes tokens. Everything happens on its event loop. */
final class RedisSession {

    private static final Logger LOG = LoggerFactory.getLogger(RedisSession.class);
    private static final int WARM_UP_TAKES = 20;
    private static final int PREPARE_SECONDS = 2;
    private static final int ANSWER_SECONDS = 1;

    private static final String MASTER = "master";

    private final int number;
    private final RedisConnection connection;
    private final EventLoop loop;
    private @Nullable CompletableFuture<?> loading;

    RedisSession(int number, RedisConnection connection, EventLoop loop) {
        this.number = number;
        this.connection = connection;
        this.loop = loop;
    }

    /** Counts the connections of one backend: another one may see other data. */
    int number() {
        return number;
    }

    /**
     * Loads the script and runs it on nothing, so that the first caller does not pay for cold code on both sides.
     *
     * @param onlyMaster fail when the server says that it is a replica
     */
    CompletableFuture<Void> prepare(boolean onlyMaster) {
        CompletableFuture<?> prepared = onlyMaster ? checkRole().thenCompose(done -> load()) : load();
        for (var round = 0; round < WARM_UP_TAKES; round++) {
            prepared =
                    prepared.thenCompose(done -> evaluate(false, new String[0], new String[] {TakeScript.REDIS_CLOCK}));
        }
        // A server that logs in and then says nothing is none.
        return prepared.<Void>thenApply(done -> null).orTimeout(PREPARE_SECONDS, TimeUnit.SECONDS);
    }

    // A sentinel may know less than the server itself. A server that does not say is believed until a take finds out.
    private CompletableFuture<?> checkRole() {
        return connection.send("ROLE").handle((role, failure) -> {
            if (failure == null && !(role instanceof List<?> parts && MASTER.equals(parts.getFirst()))) {
                throw new NotMasterException();
            }
            return role;
        });
    }

    /** Asks for something else than tokens; completes on the event loop, after a second at most. */
    CompletableFuture<@Nullable Object> ask(String... question) {
        return connection
                .send(question)
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .whenCompleteAsync((answer, failure) -> {}, loop);
    }

    /**
     * Runs the script once; when Redis has forgotten it, loads it and runs it then.
     *
     * @param asking the server is about to get the keys' slot, and takes questions that say so
     */
    void take(
            boolean asking, String[] keys, String[] arguments, BiConsumer<@Nullable Object, @Nullable Throwable> then) {
        var _ = evaluate(asking, keys, arguments).whenComplete((reply, failure) -> {
            if (failure instanceof RedisErrorException refused && refused.isNoScript()) {
                var _ = load().thenCompose(sha -> evaluate(asking, keys, arguments))
                        .whenComplete((late, again) -> tell(then, late, again));
            } else {
                tell(then, reply, failure);
            }
        });
    }

    // The future would swallow it.
    private static void tell(
            BiConsumer<@Nullable Object, @Nullable Throwable> then,
            @Nullable Object reply,
            @Nullable Throwable failure) {
        try {
            then.accept(reply, failure);
        } catch (RuntimeException e) {
            LOG.error("What follows a decision has failed", e);
        }
    }

    private CompletableFuture<@Nullable Object> evaluate(boolean asking, String[] keys, String[] arguments) {
        if (asking) {
            var _ = connection.send("ASKING");
        }
        return connection.send(TakeScript.command(keys, arguments));
    }

    private CompletableFuture<?> load() {
        var underWay = loading;
        if (underWay != null && !underWay.isDone()) {
            return underWay;
        }
        var begun = connection.send("SCRIPT", "LOAD", TakeScript.SOURCE);
        loading = begun;
        return begun;
    }

    /** How long Redis has owed an answer, in nanoseconds; empty when it owes none. */
    Optional<Long> silentNanos() {
        return connection.silentNanos();
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    void close() {
        connection.close();
    }
}
