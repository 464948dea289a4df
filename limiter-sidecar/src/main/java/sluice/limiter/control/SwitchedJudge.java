package sluice.limiter.control;

import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.RequestJudge;

/** The judge in force, replaced while requests are under way: each is judged by the one that it began with. */
final class SwitchedJudge implements RequestJudge {

    /** A judge and what it has under way; counted on the event loop only. */
    private static final class Term {
        private final RequestJudge judge;
        private int underWay;
        private Optional<CompletableFuture<Void>> ended = Optional.empty();

        Term(RequestJudge judge) {
            this.judge = judge;
        }

        void judge(RequestHead head, EventLoop loop, Consumer<Judgement> then) {
            underWay++;
            judge.judge(head, loop, judgement -> {
                underWay--;
                then.accept(judgement);
                endWhenIdle();
            });
        }

        void end(CompletableFuture<Void> whenIdle) {
            ended = Optional.of(whenIdle);
            endWhenIdle();
        }

        private void endWhenIdle() {
            if (underWay == 0) {
                ended.ifPresent(future -> future.complete(null));
            }
        }
    }

    private final EventLoop loop;
    private volatile Term term;

    SwitchedJudge(EventLoop loop, RequestJudge first) {
        this.loop = loop;
        this.term = new Term(first);
    }

    @Override
    public void judge(RequestHead head, EventLoop loop, Consumer<Judgement> then) {
        term.judge(head, loop, then);
    }

    /** Puts {@code next} in force at once; completes when the one before has judged its last request. */
    CompletableFuture<Void> replace(RequestJudge next) {
        var before = term;
        term = new Term(next);
        var ended = new CompletableFuture<Void>();
        loop.execute(() -> before.end(ended));
        return ended;
    }
}
