package sluice.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Writes the load generator's targets, one JSON object a line, each with its user's own bearer token. Everybody comes once, in an order that is
 * shuffled and the same each time, before anybody comes again: as many requests as there are users have seen them all. Arguments: key set file, base URL, number of users, share of requests with a token that does not verify.
 */
public final class LoadTargets {
    // Courses, me and the front page at 5 : 4 : 1.
    private static final List<String> PATHS = List.of(
            "/api/courses",
            "/api/me",
            "/api/courses",
            "/api/me",
            "/",
            "/api/courses",
            "/api/me",
            "/api/courses",
            "/api/me",
            "/api/courses");
    private static final Duration LIFETIME = Duration.ofHours(12);
    private static final long SEED = 1;

    private LoadTargets() {}

    public static void main(String[] args) {
        var tokens = Tokens.fromKeySet(Path.of(args[0]), Clock.systemUTC());
        var out = new PrintStream(
                new java.io.FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.UTF_8);
        targets(tokens, args[1], Integer.parseInt(args[2]), Double.parseDouble(args[3]))
                .forEach(out::println);
        out.flush();
    }

    static List<String> targets(Tokens tokens, String baseUrl, int users, double invalidShare) {
        var random = new Random(SEED);
        var json = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
        var tokensOfUsers = IntStream.rangeClosed(1, users)
                .mapToObj(LoadTargets::user)
                .map(user -> tokens.sign(user, LIFETIME))
                .toList();
        var order = new ArrayList<>(IntStream.range(0, users).boxed().toList());
        List<String> lines = new ArrayList<>(users * PATHS.size());
        Collections.shuffle(order, random);
        for (int round = 0; round < PATHS.size(); round++) {
            for (int user : order) {
                String token = tokensOfUsers.get(user);
                String sent = random.nextDouble() < invalidShare ? spoilt(token) : token;
                lines.add(line(json, baseUrl + PATHS.get((round + user) % PATHS.size()), sent));
            }
        }
        return lines;
    }

    /** An account that is there, and beyond those one that has signed up. */
    private static User user(int number) {
        return number <= Users.SEEDED
                ? new User(Users.name(number), Users.role(number))
                : new User("guest-" + number, Role.STUDENT);
    }

    private static String spoilt(String token) {
        return token.substring(0, token.length() - 8) + "AAAAAAAA";
    }

    private static String line(ObjectMapper json, String url, String token) {
        try {
            return json.writeValueAsString(
                    Map.of("method", "GET", "url", url, "header", Map.of("Authorization", List.of("Bearer " + token))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
