package sluice.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Writes the load generator's targets, one JSON object a line, each with its user's own bearer token. Everybody comes once, in an order that is
 * shuffled and the same each time, before anybody comes again: as many requests as there are users have seen them all. Among them come those who log in or sign up, who have no token.
 * Arguments: key set file, invite code file, base URL, number of users, share of users' requests with a token that does not verify, share of all requests that are logins and signups.
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

    public static void main(String[] args) throws IOException {
        var tokens = Tokens.fromKeySet(Path.of(args[0]), Clock.systemUTC());
        var inviteCode = Files.readString(Path.of(args[1])).strip();
        int users = Integer.parseInt(args[3]);
        var out = new PrintStream(
                new java.io.FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.UTF_8);
        new SignIns(tokens, inviteCode, args[2], users)
                .among(targets(tokens, args[2], users, Double.parseDouble(args[4])), Double.parseDouble(args[5]))
                .forEach(target -> out.println(target.line()));
        out.flush();
    }

    /** The requests of those who have a token. */
    static List<LoadTarget> targets(Tokens tokens, String baseUrl, int users, double invalidShare) {
        var random = new Random(SEED);
        var tokensOfUsers = IntStream.rangeClosed(1, users)
                .mapToObj(LoadTargets::user)
                .map(user -> tokens.sign(user, LIFETIME))
                .toList();
        var order = new ArrayList<>(IntStream.range(0, users).boxed().toList());
        List<LoadTarget> targets = new ArrayList<>(users * PATHS.size());
        Collections.shuffle(order, random);
        for (int round = 0; round < PATHS.size(); round++) {
            for (int user : order) {
                String token = tokensOfUsers.get(user);
                String sent = random.nextDouble() < invalidShare ? spoilt(token) : token;
                targets.add(LoadTarget.get(baseUrl + PATHS.get((round + user) % PATHS.size()), sent));
            }
        }
        return targets;
    }

    /** An account that is there, and beyond those one that has signed up. */
    static User user(int number) {
        return number <= Users.SEEDED
                ? new User(Users.name(number), Users.role(number))
                : new User("guest-" + number, Role.STUDENT);
    }

    private static String spoilt(String token) {
        return token.substring(0, token.length() - 8) + "AAAAAAAA";
    }
}
