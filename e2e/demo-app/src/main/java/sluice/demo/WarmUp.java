package sluice.demo;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Requests of the application to itself, on a port that nobody knows, before it serves: the first ones of a Java process take a hundred times as
 * long as later ones, and a replica's first callers should not be the ones who pay for that.
 */
final class WarmUp {
    private static final int ROUNDS = 150;
    private static final List<String> PATHS = List.of("/healthz", "/", "/api/me", "/api/courses");

    private WarmUp() {}

    /** Returns how many requests were answered with 200. */
    static int run(Scholarships scholarships, Tokens tokens) throws IOException {
        String token = tokens.sign(Users.seeded().getFirst(), Duration.ofMinutes(1));
        int answered = 0;
        try (var endpoint = new HttpEndpoint(0, (request, arm) -> scholarships.answer(request))) {
            endpoint.start();
            for (int round = 0; round < ROUNDS; round++) {
                for (String path : PATHS) {
                    answered += ask(endpoint.port(), path, token) == 200 ? 1 : 0;
                }
            }
        }
        return answered;
    }

    private static int ask(int port, String path, String token) throws IOException {
        var url = URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + port + path)
                .toURL();
        var connection = (HttpURLConnection) url.openConnection();
        connection.setRequestProperty("Authorization", "Bearer " + token);
        try (var body = connection.getInputStream()) {
            body.readAllBytes();
        }
        return connection.getResponseCode();
    }
}
