package sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class HttpEndpointTest {
    @Test
    void passesMethodPathArmAndBodyOnAndAnswersJson() throws Exception {
        try (var endpoint = started((request, arm) ->
                        Answer.created(Map.of("said", request.method() + request.path() + arm + request.text("a"))));
                var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(uri(endpoint))
                            .header("X-Sluice-Arm", "candidate")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"a\":\"!\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.body()).isEqualTo("{\"said\":\"POST/xcandidate!\"}");
        }
    }

    @Test
    void aMistakeOfTheApplicationIsA500() throws Exception {
        try (var endpoint = started((request, arm) -> {
                    throw new IllegalStateException("on purpose");
                });
                var client = HttpClient.newHttpClient()) {
            var answer =
                    client.send(HttpRequest.newBuilder(uri(endpoint)).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(500);
        }
    }

    private static HttpEndpoint started(BiFunction<Request, String, Answer> answers) throws IOException {
        var endpoint = new HttpEndpoint(0, answers);
        endpoint.start();
        return endpoint;
    }

    private static URI uri(HttpEndpoint endpoint) {
        return URI.create("http://127.0.0.1:" + endpoint.port() + "/x");
    }
}
