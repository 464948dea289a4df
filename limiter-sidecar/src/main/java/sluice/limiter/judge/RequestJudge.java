package sluice.limiter.judge;

import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/** Judges requests. Never blocks, never fails: trouble with Redis ends in a judgement taken in memory. */
@FunctionalInterface
public interface RequestJudge {

    /** Calls {@code then} exactly once, on {@code loop}; at once when nothing has to be asked. Call it on {@code loop}. */
    void judge(RequestHead head, EventLoop loop, Consumer<Judgement> then);
}
