package sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScholarshipsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClockForTests clock = new ClockForTests();
    private final Tokens tokens = new Tokens(anyKey(), clock);
    private final Scholarships scholarships = new Scholarships(tokens, "welcome");

    @Test
    void everybodyMaySeeTheFrontPageAndTheHealth() {
        assertThat(get("/", null).status()).isEqualTo(200);
        assertThat(get("/healthz", null).status()).isEqualTo(200);
    }

    @Test
    void aRequestWithoutATokenIsChallengedWithoutAnErrorCode() {
        var answer = get("/api/me", null);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers()).containsEntry("WWW-Authenticate", "Bearer realm=\"scholarship\"");
    }

    @Test
    void anExpiredTokenIsSaidToBeExpired() {
        String token = token(1);
        clock.advance(Duration.ofHours(2));

        assertThat(get("/api/me", token).headers().get("WWW-Authenticate"))
                .contains("error=\"invalid_token\"")
                .contains("expired");
    }

    @Test
    void aTokenOfAnotherKeyIsInvalid() {
        var stranger = new Tokens(anyKey(), clock).sign(new User(Users.name(1), Role.STUDENT), Duration.ofHours(1));

        assertThat(get("/api/me", stranger).headers().get("WWW-Authenticate"))
                .contains("error=\"invalid_token\"")
                .doesNotContain("expired");
    }

    @Test
    void whatIsNotATokenIsInvalid() {
        assertThat(get("/api/me", "nonsense").status()).isEqualTo(401);
    }

    @Test
    void rolesFollowFromTheNumber() {
        assertThat(get("/api/me", token(1)).body()).isEqualTo(Map.of("name", "user-0001", "role", "student"));
        assertThat(get("/api/me", token(10)).body()).isEqualTo(Map.of("name", "user-0010", "role", "provider"));
        assertThat(get("/api/me", token(100)).body()).isEqualTo(Map.of("name", "user-0100", "role", "admin"));
    }

    @Test
    void onlyProvidersAndAdminsPublishCourses() {
        assertThat(post("/api/courses", token(1), Map.of("title", "Logic")).status())
                .isEqualTo(403);
        assertThat(post("/api/courses", token(10), Map.of("title", "Logic")).status())
                .isEqualTo(201);
        assertThat(post("/api/courses", token(10), Map.of()).status()).isEqualTo(400);
    }

    @Test
    void onlyAdminsSeeAllUsers() {
        assertThat(get("/api/admin/users", token(10)).status()).isEqualTo(403);
        assertThat(get("/api/admin/users", token(100)).status()).isEqualTo(200);
    }

    @Test
    void whoeverHasTheInviteCodeSignsUpAndLogsInAtAnyReplica() {
        var signedUp = post("/signup", null, Map.of("inviteCode", "welcome", "name", "ada"));
        String password = JSON.valueToTree(signedUp.body()).path("password").asText();
        var otherReplica = new Scholarships(tokens, "welcome");

        var loggedIn =
                otherReplica.answer(request("POST", "/login", null, Map.of("name", "ada", "password", password)));

        String token = JSON.valueToTree(loggedIn.body()).path("token").asText();
        assertThat(get("/api/me", token).body()).isEqualTo(Map.of("name", "ada", "role", "student"));
    }

    @Test
    void nobodySignsUpWithoutTheInviteCodeOrUnderASeededName() {
        assertThat(post("/signup", null, Map.of("inviteCode", "guess", "name", "ada"))
                        .status())
                .isEqualTo(403);
        assertThat(post("/signup", null, Map.of("inviteCode", "welcome", "name", "user-0001"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aWrongPasswordDoesNotLogIn() {
        assertThat(post("/login", null, Map.of("name", "user-0001", "password", "guess"))
                        .status())
                .isEqualTo(401);
    }

    private Answer get(String path, @Nullable String token) {
        return scholarships.answer(request("GET", path, token, Map.of()));
    }

    private Answer post(String path, @Nullable String token, Map<String, String> body) {
        return scholarships.answer(request("POST", path, token, body));
    }

    private static Request request(String method, String path, @Nullable String token, Map<String, String> body) {
        JsonNode json = body.isEmpty() ? null : JSON.valueToTree(body);
        return new Request(method, path, token == null ? null : "Bearer " + token, json);
    }

    private String token(int number) {
        return tokens.sign(new User(Users.name(number), Role.STUDENT), Duration.ofHours(1));
    }

    static OctetSequenceKey anyKey() {
        try {
            return new OctetSequenceKeyGenerator(256).keyID("test").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
