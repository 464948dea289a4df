package sluice.limiter.log;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.TokenCheck;
import sluice.limiter.metrics.AuthResult;

/** One line of the request log, made and forgotten. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class RequestLineBenchmark {

    private static final Judgement ALLOWED = new Judgement(
            Arm.STABLE,
            "3f9a0c12de",
            7,
            "user:0123456789abcdef",
            Backend.REDIS,
            new Outcome.Allow(
                    Optional.of(new LimitState("api", 100, Duration.ofMinutes(1), 150, 149, Duration.ofMillis(600)))),
            false,
            Optional.empty(),
            TokenCheck.VALID);

    private final RequestLineEncoder encoder = new RequestLineEncoder();
    private JsonGenerator out;
    private long at = 1_767_225_600_000L;

    @Setup
    public void open() throws IOException {
        out = encoder.to(OutputStream.nullOutputStream());
    }

    @Benchmark
    public void oneLine() throws IOException {
        at++;
        encoder.write(
                new RequestLine(
                        at,
                        "7f3a9c2e11d04be5a0c1d2e3f4a5b6c7",
                        "GET",
                        "/api/scholarships/4711",
                        200,
                        1_234_567,
                        AuthResult.OK,
                        ALLOWED),
                out);
    }
}
