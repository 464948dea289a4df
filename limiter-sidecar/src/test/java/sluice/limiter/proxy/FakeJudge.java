package sluice.limiter.proxy;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.RequestJudge;
import sluice.limiter.judge.TokenCheck;

/** Says what it is told to, and remembers what it was asked. */
final class FakeJudge implements RequestJudge {

    static final LimitState API = new LimitState("api", 100, Duration.ofMinutes(1), 150, 12, Duration.ofMillis(33_500));

    private final List<RequestHead> asked = new CopyOnWriteArrayList<>();
    private volatile Function<RequestHead, Judgement> verdict = _ -> judgement(new Outcome.Allow(Optional.empty()));
    private volatile Optional<Duration> later = Optional.empty();

    static Judgement judgement(Outcome outcome) {
        return new Judgement(
                Arm.CANDIDATE,
                "3f9a0c12de",
                7,
                "user:0123456789abcdef",
                Backend.REDIS,
                outcome,
                false,
                Optional.empty(),
                TokenCheck.ABSENT);
    }

    static Judgement judgement(Outcome outcome, TokenCheck token) {
        var it = judgement(outcome);
        return new Judgement(
                it.arm(),
                it.revision(),
                it.epoch(),
                it.key(),
                it.backend(),
                outcome,
                false,
                Optional.of("942100"),
                token);
    }

    void says(Outcome outcome) {
        verdict = _ -> judgement(outcome);
    }

    void says(Function<RequestHead, Judgement> next) {
        verdict = next;
    }

    /** From now on judgements come in a later turn of the event loop, as Redis's do. */
    void judgeLater() {
        judgeAfter(Duration.ZERO);
    }

    void judgeAfter(Duration pause) {
        later = Optional.of(pause);
    }

    List<RequestHead> asked() {
        return asked;
    }

    @Override
    public void judge(RequestHead head, EventLoop loop, Consumer<Judgement> then) {
        asked.add(new RequestHead(head.method(), head.path(), head.headers().copy(), head.peer()));
        var judgement = verdict.apply(head);
        later.ifPresentOrElse(
                pause -> {
                    var _ = loop.schedule(() -> then.accept(judgement), pause.toMillis(), TimeUnit.MILLISECONDS);
                },
                () -> then.accept(judgement));
    }
}
