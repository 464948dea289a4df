package sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application that demo and tests put a limiter in front of. Serves on {@code DEMO_PORT} (8080), takes orders to misbehave on
 * {@code DEMO_FAULTS_PORT} (8081), reads its key from {@code DEMO_KEYS} and its invite code from {@code DEMO_INVITE_CODE_FILE}.
 */
public final class DemoApp {
    private static final Logger log = LoggerFactory.getLogger(DemoApp.class);
    // Long enough for every client to learn that this replica goes.
    private static final Duration DRAIN = Duration.ofSeconds(3);

    private DemoApp() {}

    public static void main(String[] args) throws IOException {
        // Without it each answer waits for the client's delayed acknowledgement, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var tokens = Tokens.fromKeySet(Path.of(env("DEMO_KEYS", "/etc/demo/keys/jwks.json")), Clock.systemUTC());
        var inviteCode = Files.readString(Path.of(env("DEMO_INVITE_CODE_FILE", "/etc/demo/app/inviteCode")));
        var scholarships = new Scholarships(tokens, inviteCode.strip());
        var faults = new FaultyAnswers();
        log.info("warmed up with {} requests", WarmUp.run(scholarships, tokens));

        var http = new HttpEndpoint(
                Integer.parseInt(env("DEMO_PORT", "8080")),
                (request, arm) -> faults.answer(arm, () -> scholarships.answer(request)));
        var orders = new HttpEndpoint(
                Integer.parseInt(env("DEMO_FAULTS_PORT", "8081")), (request, arm) -> order(request, faults));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(http, orders), "leave"));
        http.start();
        orders.start();
        log.info("serving on {}, faults on {}", http.port(), orders.port());
    }

    private static void leave(HttpEndpoint http, HttpEndpoint orders) {
        http.drain();
        try {
            Thread.sleep(DRAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
        orders.close();
    }

    static Answer order(Request request, FaultyAnswers faults) {
        return switch (request.method() + " " + request.path()) {
            case "GET /faults" -> Answer.ok(faults.current());
            case "POST /faults" -> spoil(request.body(), faults);
            case "DELETE /faults" -> heal(faults);
            default -> Answer.error(404, "POST, GET or DELETE /faults");
        };
    }

    private static Answer spoil(@Nullable JsonNode body, FaultyAnswers faults) {
        if (body == null) {
            return Answer.error(400, "the body must be JSON, such as {\"arm\":\"candidate\",\"errorRatio\":1.0}");
        }
        try {
            var fault = new Fault(
                    body.path("arm").asText(),
                    body.path("errorRatio").asDouble(),
                    body.path("latencyMillis").asLong(),
                    body.path("authFailureRatio").asDouble());
            faults.set(fault);
            log.info("faults: {}", fault);
            return Answer.ok(fault);
        } catch (IllegalArgumentException e) {
            return Answer.error(400, String.valueOf(e.getMessage()));
        }
    }

    private static Answer heal(FaultyAnswers faults) {
        faults.set(Fault.NONE);
        log.info("faults: none");
        return Answer.ok(Map.of("faults", "none"));
    }

    private static String env(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : value;
    }
}
