package sluice.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The application itself: a scholarship service with an invite-only signup and an API for students, providers and admins. */
final class Scholarships {
    private static final Duration SESSION = Duration.ofHours(1);
    private static final Set<Role> PUBLISHERS = EnumSet.of(Role.PROVIDER, Role.ADMIN);
    private static final List<Map<String, Object>> COURSES = List.of(
            Map.of("id", 1, "title", "Linear algebra", "provider", Users.name(10)),
            Map.of("id", 2, "title", "Distributed systems", "provider", Users.name(20)),
            Map.of("id", 3, "title", "Statistics", "provider", Users.name(30)));

    private final Tokens tokens;
    private final String inviteCode;

    Scholarships(Tokens tokens, String inviteCode) {
        if (inviteCode.isBlank()) {
            throw new IllegalArgumentException("the invite code is empty");
        }
        this.tokens = tokens;
        this.inviteCode = inviteCode;
    }

    Answer answer(Request request) {
        return switch (request.method() + " " + request.path()) {
            case "GET /healthz" -> Answer.ok(Map.of("status", "ok"));
            case "GET /" -> Answer.ok(Map.of("service", "scholarship-api"));
            case "POST /signup" -> signUp(request);
            case "POST /login" -> logIn(request);
            case "GET /api/me" -> as(request, EnumSet.allOf(Role.class), Scholarships::describe);
            case "GET /api/courses" -> as(request, EnumSet.allOf(Role.class), user -> Map.of("courses", COURSES));
            case "POST /api/courses" -> publish(request);
            case "GET /api/admin/users" -> as(request, EnumSet.of(Role.ADMIN), user -> Map.of("users", everybody()));
            default -> Answer.error(404, "nothing here");
        };
    }

    private Answer signUp(Request request) {
        if (!MessageDigest.isEqual(
                inviteCode.getBytes(UTF_8), request.text("inviteCode").getBytes(UTF_8))) {
            return Answer.error(403, "the invite code is not valid");
        }
        String name = request.text("name");
        if (!Users.mayBeSignedUp(name)) {
            return Answer.error(400, "name: use 3 to 31 of a-z, 0-9 and -, not starting with user-");
        }
        var user = new User(name, Role.STUDENT);
        return Answer.created(Map.of("name", name, "password", tokens.password(user)));
    }

    private Answer logIn(Request request) {
        return Users.find(request.text("name"))
                .filter(user -> tokens.passwordMatches(user, request.text("password")))
                .map(user -> Answer.ok(Map.of("token", tokens.sign(user, SESSION))))
                .orElseGet(() -> Answer.unauthorized(new Bearer.Invalid("name or password is wrong")));
    }

    private Answer publish(Request request) {
        if (tokens.check(request.authorization()) instanceof Bearer.Verified(User user)
                && PUBLISHERS.contains(user.role())
                && request.text("title").isBlank()) {
            return Answer.error(400, "title: is missing");
        }
        var answer = as(request, PUBLISHERS, user -> Map.of("title", request.text("title"), "provider", user.name()));
        return answer.status() == 200 ? Answer.created(answer.body()) : answer;
    }

    private Answer as(Request request, Set<Role> allowed, Function<User, Object> body) {
        var bearer = tokens.check(request.authorization());
        if (!(bearer instanceof Bearer.Verified(User user))) {
            return Answer.unauthorized(bearer);
        }
        if (!allowed.contains(user.role())) {
            return Answer.error(403, "your role may not do this");
        }
        return Answer.ok(body.apply(user));
    }

    private static List<Map<String, String>> everybody() {
        return Users.seeded().stream().map(Scholarships::describe).toList();
    }

    private static Map<String, String> describe(User user) {
        return Map.of("name", user.name(), "role", user.role().name().toLowerCase(Locale.ROOT));
    }
}
