package sluice.limiter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConnectionTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final RedisConnection connection = RedisConnection.over(channel);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** Redis says this. */
    private void says(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, UTF_8));
    }

    /** What Redis is told at the end of the turn, in one piece; empty when nothing. */
    private String sent() {
        channel.runPendingTasks();
        ByteBuf out = channel.readOutbound();
        if (out == null) {
            return "";
        }
        try {
            return out.toString(UTF_8);
        } finally {
            out.release();
        }
    }

    private static FailureReason reason(CompletableFuture<?> answer) {
        assertThat(answer).isCompletedExceptionally();
        return FailureReason.of(answer.exceptionNow());
    }

    @Test
    void commandsOfOneTurnAreSentTogether() {
        var _ = connection.send("GET", "a");
        var _ = connection.send("SET", "é", "0123456789");
        assertThat(channel.outboundMessages()).isEmpty();

        assertThat(sent())
                .isEqualTo("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*3\r\n$3\r\nSET\r\n$2\r\né\r\n$10\r\n0123456789\r\n");

        var _ = connection.send("PING");
        assertThat(sent()).isEqualTo("*1\r\n$4\r\nPING\r\n");
        assertThat(sent()).isEmpty();
    }

    @Test
    void repliesComeInTheOrderOfTheCommands() {
        var answers = List.of(connection.send("A"), connection.send("B"), connection.send("C"));

        says(":1\r\n+two\r\n");

        assertThat(answers.get(0)).isCompletedWithValue(1L);
        assertThat(answers.get(1)).isCompletedWithValue("two");
        assertThat(answers.get(2)).isNotDone();
    }

    @Test
    void arraysHoldWhatTheyHold() {
        var answer = connection.send("CLUSTER", "SLOTS");

        says("*4\r\n*3\r\n:0\r\n:-5\r\n*2\r\n$3\r\nabc\r\n:6381\r\n$-1\r\n*0\r\n*-1\r\n");

        assertThat(answer.join())
                .isEqualTo(Arrays.asList(List.of(0L, -5L, List.of("abc", 6381L)), null, List.of(), null));
    }

    @Test
    void nothingIsNull() {
        var bulk = connection.send("GET", "a");
        var array = connection.send("SENTINEL", "get-master-addr-by-name", "a");
        var empty = connection.send("GET", "b");

        says("$-1\r\n*-1\r\n$0\r\n\r\n");

        assertThat(bulk).isCompletedWithValue(null);
        assertThat(array).isCompletedWithValue(null);
        assertThat(empty).isCompletedWithValue("");
    }

    @Test
    void anErrorFailsItsCommandAlone() {
        var refused = connection.send("A");
        var answered = connection.send("B");

        says("-NOSCRIPT No matching script.\r\n+OK\r\n");

        assertThat(refused.exceptionNow()).isInstanceOfSatisfying(RedisErrorException.class, error -> {
            assertThat(error.isNoScript()).isTrue();
            assertThat(error.reply()).isEqualTo("NOSCRIPT No matching script.");
        });
        assertThat(answered).isCompletedWithValue("OK");
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void repliesMayComeInPiecesOfAnySize() {
        var text = "*3\r\n:1234567\r\n$7\r\nhé\r\nlo\r\n*1\r\n-ERR no\r\n+OK\r\n$2\r\nab\r\n";
        for (var size = 1; size <= text.length(); size++) {
            var answers = List.of(connection.send("A"), connection.send("B"), connection.send("C"));
            var bytes = text.getBytes(UTF_8);
            for (var at = 0; at < bytes.length; at += size) {
                channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(size, bytes.length - at)));
            }

            assertThat(answers.getFirst())
                    .isCompletedWithValueMatching(reply -> String.valueOf(reply)
                            .equals("[1234567, hé\r\nlo, [" + RedisErrorException.class.getName() + ": ERR no]]"));
            assertThat(answers.get(1)).isCompletedWithValue("OK");
            assertThat(answers.get(2)).isCompletedWithValue("ab");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request\r\n",
                "%1\r\n+a\r\n+b\r\n",
                ":12x\r\n",
                "*x\r\n",
                "*-2\r\n",
                "$-2\r\n",
                "$999999999\r\nab",
                "$2\r\nabcd",
                "*1\r\n$21000000\r\n"
            })
    void nonsenseEndsTheConnection(String text) {
        var first = connection.send("A");
        var second = connection.send("B");

        says(text + "+OK\r\n+OK\r\n");
        channel.runPendingTasks();

        assertThat(reason(first)).isEqualTo(FailureReason.REPLY);
        assertThat(reason(second)).isEqualTo(FailureReason.REPLY);
        assertThat(connection.isOpen()).isFalse();
        assertThat(reason(connection.send("C"))).isEqualTo(FailureReason.REPLY);
    }

    @Test
    void aReplyWithoutEndIsNone() {
        var answer = connection.send("A");

        says("*2000000000\r\n");
        for (var part = 0; part < 80 && connection.isOpen(); part++) {
            says(":7\r\n".repeat(10_000));
        }

        assertThat(reason(answer)).isEqualTo(FailureReason.REPLY);
    }

    @Test
    void aReplyOfLongLinesWithoutEndIsNone() {
        var answer = connection.send("A");
        var line = "+" + "x".repeat(60_000) + "\r\n";

        says("*500000\r\n");
        for (var part = 0; part < 400 && connection.isOpen(); part++) {
            says(line);
        }

        assertThat(reason(answer)).isEqualTo(FailureReason.REPLY);
    }

    @Test
    void takesNothingMoreOnceItIsToClose() {
        // As an encrypted one that has not said goodbye yet.
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void close(ChannelHandlerContext context, ChannelPromise promise) {}
        });
        connection.close();

        assertThat(channel.isActive()).isTrue();
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.send("A")).isCompletedExceptionally();
    }

    @Test
    void whatIsNotSentYetWhenItEndsIsReleased() {
        var buffers = new UnpooledByteBufAllocator(false);
        channel.config().setAllocator(buffers);
        var answer = connection.send("A");

        channel.unsafe().close(channel.newPromise());
        channel.runPendingTasks();

        assertThat(answer).isCompletedExceptionally();
        assertThat(buffers.metric().usedHeapMemory()).isZero();
        assertThat(buffers.metric().usedDirectMemory()).isZero();
    }

    @Test
    void theLargestMapOfAClusterIsAReply() {
        var server = "*4\r\n$15\r\n255.255.255.255\r\n:65535\r\n$40\r\n" + "0".repeat(40) + "\r\n*0\r\n";
        var answer = connection.send("CLUSTER", "SLOTS");

        says("*16384\r\n");
        for (var slot = 0; slot < HashSlot.COUNT; slot++) {
            says("*5\r\n:" + slot + "\r\n:" + slot + "\r\n" + server + server + server);
        }

        assertThat(SlotMap.read(answer.join(), "redis").ranges()).hasSize(HashSlot.COUNT);
    }

    @Test
    void aLargeReplyIsOneNevertheless() {
        var text = "x".repeat(1 << 20);
        for (var round = 0; round < 20; round++) {
            var answer = connection.send("GET", "a");
            says("*2\r\n$" + text.length() + "\r\n" + text + "\r\n:1\r\n");
            assertThat(answer).isCompletedWithValue(List.of(text, 1L));
        }
    }

    @Test
    void whatNobodyHasAskedForEndsTheConnection() {
        says("+OK\r\n");

        assertThat(connection.isOpen()).isFalse();
        assertThat(reason(connection.send("A"))).isEqualTo(FailureReason.REPLY);
    }

    @Test
    void theEndFailsWhatIsUnansweredAndWhatComesLater() {
        var ended = new ArrayList<String>();
        connection.whenClosed(() -> ended.add("once"));
        var answered = connection.send("A");
        var unanswered = List.of(connection.send("B"), connection.send("C"));
        says("+OK\r\n");

        connection.close();
        channel.runPendingTasks();

        assertThat(answered).isCompletedWithValue("OK");
        assertThat(unanswered).allSatisfy(answer -> {
            assertThat(answer.exceptionNow()).isInstanceOf(ClosedChannelException.class);
            assertThat(reason(answer)).isEqualTo(FailureReason.DISCONNECTED);
        });
        assertThat(ended).containsExactly("once");
        assertThat(reason(connection.send("D"))).isEqualTo(FailureReason.DISCONNECTED);
        assertThat(connection.silentNanos()).isEmpty();
    }

    @Test
    void whoeverAsksLaterHearsOfTheEndToo() {
        connection.close();
        var ended = new ArrayList<String>();
        connection.whenClosed(() -> ended.add("once"));
        channel.runPendingTasks();

        assertThat(ended).containsExactly("once");
    }

    @Test
    void commandsThatFollowFromTheEndAreRejected() {
        var follow = connection.send("A").exceptionallyCompose(failure -> connection.send("B"));

        connection.close();
        channel.runPendingTasks();

        assertThat(reason(follow)).isEqualTo(FailureReason.DISCONNECTED);
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void noMoreThanTenThousandWait() {
        var waiting = new ArrayList<CompletableFuture<@Nullable Object>>();
        for (var command = 0; command < 10_000; command++) {
            waiting.add(connection.send("A"));
        }
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        var rejected = connection.send("B");

        assertThat(rejected.exceptionNow()).isInstanceOf(RejectedExecutionException.class);
        assertThat(sent()).endsWith("$1\r\nA\r\n").hasSize(10_000 * "*1\r\n$1\r\nA\r\n".length());

        says("+OK\r\n");
        assertThat(connection.send("C")).isNotDone();
    }

    @Test
    void silenceCountsWhileAnAnswerIsOwed() {
        assertThat(connection.silentNanos()).isEmpty();
        var _ = connection.send("A");
        assertThat(connection.silentNanos())
                .hasValueSatisfying(nanos -> assertThat(nanos).isNotNegative());
        says("+OK\r\n");
        assertThat(connection.silentNanos()).isEmpty();
    }

    @Test
    void whatIsPublishedIsHeard() {
        var heard = new ArrayList<String>();
        connection.listen(heard::add);
        var subscribed = connection.send("SUBSCRIBE", "news");

        says("*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$3\r\none\r\n");
        says("*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$3\r\ntwo\r\n");

        assertThat(subscribed).isCompletedWithValue(List.of("subscribe", "news", 1L));
        assertThat(heard).containsExactly("one", "two");

        says("*3\r\n$11\r\nunsubscribe\r\n$4\r\nnews\r\n:0\r\n");
        assertThat(connection.isOpen()).isFalse();
    }
}
