package sluice.operator.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.operator.rollout.Sample;

class RememberingApiTest {
    private static final Instant FROM = Instant.ofEpochSecond(1_772_366_400);
    private static final Instant TO = FROM.plusSeconds(10_000);
    private static final Duration STEP = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newHttpClient();
    /** Every value is the seconds since the beginning; there is none in the second minute. */
    private final FakePrometheus prometheus = new FakePrometheus(RememberingApiTest::answer);

    private final RememberingApi api =
            new RememberingApi(http, prometheus.url(), FROM, TO, STEP, Duration.ofMinutes(10));
    private final PrometheusApi plain = new PrometheusApi(http, prometheus.url());

    private static void answer(HttpExchange exchange, Map<String, String> asked) throws IOException {
        boolean range = asked.getOrDefault("path", "").endsWith("_range");
        long start = Long.parseLong(asked.get(range ? "start" : "time"));
        long end = Long.parseLong(asked.get(range ? "end" : "time"));
        long step = Long.parseLong(asked.getOrDefault("step", "1"));
        var samples = LongStream.iterate(start, at -> at <= end, at -> at + step)
                .filter(at -> at - FROM.getEpochSecond() < 60 || at - FROM.getEpochSecond() >= 120)
                .mapToObj(at -> "[%d,\"%d\"]".formatted(at, at - FROM.getEpochSecond()))
                .collect(Collectors.joining(","));
        var series = range ? "\"values\":[" + samples + "]" : "\"value\":" + samples;
        var result = samples.isEmpty() ? "" : "{\"metric\":{}," + series + "}";
        FakePrometheus.body("{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":[%s]}}"
                        .formatted(range ? "matrix" : "vector", result))
                .answer(exchange, asked);
    }

    @AfterEach
    void stop() {
        prometheus.close();
        http.shutdownNow();
    }

    @Test
    void answersAsPrometheusItselfAtEveryMoment() {
        for (Instant now = FROM; !now.isAfter(TO); now = now.plusSeconds(500)) {
            assertThat(api.instant("up", now)).isEqualTo(plain.instant("up", now));
            Instant start = now.minusSeconds(300);
            assertThat(api.range("up", start, now, STEP)).isEqualTo(plain.range("up", start, now, STEP));
            Duration coarse = Duration.ofSeconds(30);
            assertThat(api.range("up", start, now, coarse)).isEqualTo(plain.range("up", start, now, coarse));
        }
    }

    @Test
    void knowsWhereThereIsNothing() {
        assertThat(api.instant("up", FROM.plusSeconds(60))).isEqualTo(new Answer.Empty());
        assertThat(api.range("up", FROM.plusSeconds(60), FROM.plusSeconds(110), STEP))
                .isEqualTo(new Answer.Empty());
        assertThat(api.instant("up", FROM.plusSeconds(120)))
                .isInstanceOfSatisfying(
                        Answer.Series.class,
                        series ->
                                assertThat(series.samples().last()).isEqualTo(new Sample(FROM.plusSeconds(120), 120)));
    }

    @Test
    void asksOnceForManyMoments() {
        for (Instant now = FROM; !now.isAfter(TO); now = now.plus(STEP)) {
            api.range("up", now.minusSeconds(290), now, STEP);
        }
        // 1001 moments and the 29 before the first, 500 at once.
        assertThat(prometheus.asked()).hasSize(4);
    }

    @Test
    void asksForTheMomentItselfWhenManyCannotBeAnswered() {
        prometheus.answer((exchange, asked) -> {
            if (asked.getOrDefault("end", "").equals(String.valueOf(FROM.getEpochSecond() + 4990))) {
                FakePrometheus.status(422, "too many").answer(exchange, asked);
            } else {
                answer(exchange, asked);
            }
        });
        assertThat(api.instant("up", FROM)).isEqualTo(plain.instant("up", FROM));
        assertThat(api.failure()).isEmpty();
    }

    @Test
    void saysWhenPrometheusCannotBeAskedAtAll() {
        prometheus.answer(FakePrometheus.status(503, "away"));
        api.instant("up", FROM);
        assertThat(api.failure()).contains("Prometheus answered 503");
    }

    @Test
    void asksWhatIsBetweenTwoMomentsAsItIs() {
        Instant between = FROM.plusSeconds(5);
        assertThat(api.instant("up", between)).isEqualTo(plain.instant("up", between));
    }
}
