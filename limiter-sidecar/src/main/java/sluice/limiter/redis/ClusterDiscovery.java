package sluice.limiter.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Asks one server of a cluster for its slots, and the next one when it does not say: over the connections that are there, and when
 * there is none, over a short one to a server of the Secret. In another order every time, so that no server has them all to answer.
 */
final class ClusterDiscovery implements Discovery {

    private static final String[] QUESTION = {"CLUSTER", "SLOTS"};

    private final RedisLayout.Cluster layout;
    private final RedisAccess access;
    private final RedisConnector connector;

    ClusterDiscovery(RedisLayout.Cluster layout, RedisAccess access, RedisConnector connector) {
        this.layout = layout;
        this.access = access;
        this.connector = connector;
    }

    @Override
    public CompletableFuture<SlotMap> discover(List<RedisNode> open) {
        var questions = new ArrayList<Supplier<CompletableFuture<SlotMap>>>();
        open.forEach(node -> node.session().ifPresent(session -> questions.add(() -> ask(session, node.address()))));
        Collections.shuffle(questions);
        var seeds = new ArrayList<>(layout.seeds());
        Collections.shuffle(seeds);
        seeds.forEach(seed -> questions.add(() -> ask(seed)));
        return firstAnswer(questions.iterator());
    }

    private static CompletableFuture<SlotMap> ask(RedisSession session, RedisAddress address) {
        return session.ask(QUESTION).thenApply(reply -> SlotMap.read(reply, address.host()));
    }

    private CompletableFuture<SlotMap> ask(RedisAddress seed) {
        return connector.ask(access.server(seed), QUESTION).thenApply(reply -> SlotMap.read(reply, seed.host()));
    }

    private static CompletableFuture<SlotMap> firstAnswer(Iterator<Supplier<CompletableFuture<SlotMap>>> questions) {
        var answer = questions.next().get();
        return questions.hasNext() ? answer.exceptionallyCompose(failure -> next(failure, questions)) : answer;
    }

    // All have the same password: one that refuses it speaks for all.
    private static CompletableFuture<SlotMap> next(
            Throwable failure, Iterator<Supplier<CompletableFuture<SlotMap>>> questions) {
        return FailureReason.of(failure) == FailureReason.AUTH
                ? CompletableFuture.failedFuture(failure)
                : firstAnswer(questions);
    }
}
