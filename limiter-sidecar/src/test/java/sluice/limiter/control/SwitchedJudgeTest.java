package sluice.limiter.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.RequestJudge;
import sluice.limiter.judge.TokenCheck;

class SwitchedJudgeTest {

    private static final RequestHead REQUEST =
            new RequestHead("GET", "/", new DefaultHttpHeaders(), InetAddress.getLoopbackAddress());

    private final EventLoop loop = new DefaultEventLoop();
    private final List<Consumer<Judgement>> waiting = new ArrayList<>();
    private final RequestJudge slow = (head, on, then) -> waiting.add(then);
    private final RequestJudge quick = (head, on, then) -> then.accept(judgement("quick"));

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static Judgement judgement(String revision) {
        return new Judgement(
                Arm.STABLE,
                revision,
                1,
                "ip:",
                Backend.OFF,
                new Outcome.Allow(Optional.empty()),
                false,
                Optional.empty(),
                TokenCheck.ABSENT);
    }

    private void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    @Test
    void theOneBeforeHasEndedOnlyWhenItsLastRequestIsJudged() {
        var judge = new SwitchedJudge(loop, slow);
        var heard = new ArrayList<String>();
        onLoop(() -> {
            judge.judge(REQUEST, loop, judgement -> heard.add(judgement.revision()));
            judge.judge(REQUEST, loop, judgement -> heard.add(judgement.revision()));
        });

        var ended = judge.replace(quick);
        onLoop(() -> judge.judge(REQUEST, loop, judgement -> heard.add(judgement.revision())));
        onLoop(() -> waiting.get(0).accept(judgement("slow")));
        assertThat(ended).isNotDone();
        onLoop(() -> waiting.get(1).accept(judgement("slow")));

        assertThat(ended).isDone();
        assertThat(heard).containsExactly("quick", "slow", "slow");
    }

    @Test
    void anIdleOneEndsAtOnce() {
        var judge = new SwitchedJudge(loop, slow);

        var ended = judge.replace(quick);

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(ended::isDone);
    }
}
