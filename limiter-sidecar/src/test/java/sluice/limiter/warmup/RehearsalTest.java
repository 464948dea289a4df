package sluice.limiter.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.IoEventLoopGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.limiter.proxy.Transport;

class RehearsalTest {

    private final Transport transport = Transport.best();
    private final IoEventLoopGroup data = transport.newLoop("test-data");
    private final IoEventLoopGroup side = transport.newLoop("test-side");

    @AfterEach
    void stop() {
        data.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        side.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void takesEveryPathThatRealRequestsTakeAndLeavesNothing() throws Exception {
        try (var rehearsal = Rehearsal.start(transport, data.next(), side.next())) {
            var callers = rehearsal.callers();
            await().atMost(Duration.ofMinutes(1)).until(() -> callers.answers() >= 2_000);
            assertThat(callers.failed()).isNotDone();
            assertThat(rehearsal.scrape())
                    .contains("sluice_fallback_active{rollout=\"warm-up\"} 0.0")
                    .containsPattern("sluice_decisions_total\\{[^}]*stable[^}]*memory[^}]*allow[^}]*} [1-9]")
                    .containsPattern("sluice_decisions_total\\{[^}]*stable[^}]*memory[^}]*throttle[^}]*} [1-9]")
                    .containsPattern("sluice_decisions_total\\{[^}]*candidate[^}]*redis[^}]*allow[^}]*} [1-9]")
                    .containsPattern("sluice_app_responses_total\\{[^}]*candidate[^}]*2xx[^}]*} [1-9]")
                    .containsPattern("sluice_app_responses_total\\{[^}]*candidate[^}]*5xx[^}]*} 0.0")
                    .containsPattern("sluice_app_responses_total\\{[^}]*stable[^}]*5xx[^}]*} 0.0");
        }
    }

    @Test
    void endsWhenItsTimeIsOverHoweverMuchIsLeft() {
        WarmUp.run(transport, data.next(), side.next(), Duration.ZERO);
        assertThat(data.next().submit(() -> "served").syncUninterruptibly().getNow())
                .isEqualTo("served");
    }
}
