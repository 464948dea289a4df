package sluice.demo;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignInsTest {
    private static final String URL = "https://waf";
    private static final int USERS = 980;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Tokens tokens = new Tokens(ScholarshipsTest.anyKey(), new ClockForTests());
    private final List<LoadTarget> others = LoadTargets.targets(tokens, URL, USERS, 0);

    @Test
    void everyFiftiethIsOneWhenTheyAreTwoPercent() {
        var all = among(0.02);

        assertThat(all).hasSize(others.size() * 50 / 49);
        assertThat(IntStream.range(0, all.size()).filter(at -> isSignIn(all.get(at))))
                .allMatch(at -> at % 50 == 49)
                .hasSize(all.size() / 50);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.02, 0.03, 0.29, 0.5})
    void theyAreTheShareThatIsAskedFor(double share) {
        var all = among(share);

        assertThat((double) all.stream().filter(SignInsTest::isSignIn).count() / all.size())
                .isBetween(share - 1.0 / all.size(), share + 1.0 / all.size());
    }

    @Test
    void theOthersKeepTheirOrder() {
        assertThat(among(0.3)).filteredOn(target -> !isSignIn(target)).isEqualTo(others);
    }

    @Test
    void theyAreTheSameEachTime() {
        assertThat(among(0.02)).isEqualTo(among(0.02));
    }

    @Test
    void halfAreLoginsOfWhichOneInTenHasAWrongPassword() {
        var signIns = among(0.02).stream().filter(SignInsTest::isSignIn).toList();

        assertThat(signIns).hasSize(200);
        assertThat(signIns.stream().collect(groupingBy(this::answered, counting())))
                .isEqualTo(Map.of("/login 200", 90L, "/login 401", 10L, "/signup 201", 100L));
    }

    /** Nor has anybody else's a body. */
    @Test
    void noneOfThemHasAToken() {
        assertThat(among(0.02)).allSatisfy(target -> {
            assertThat(target.header().containsKey("Authorization")).isNotEqualTo(isSignIn(target));
            assertThat(target.body() == null).isNotEqualTo(isSignIn(target));
        });
    }

    @Test
    void whoHasSignedUpLogsInAsWell() {
        var many = Users.SEEDED + 1;
        var all = new SignIns(tokens, "welcome", URL, many).among(LoadTargets.targets(tokens, URL, many, 0), 0.5);

        assertThat(all.stream()
                        .filter(target -> target.url().equals(URL + "/login")
                                && body(target).path("name").asText().equals("guest-2001")))
                .hasSizeGreaterThan(1)
                .extracting(this::answered)
                .contains("/login 200");
    }

    @Test
    void theLineHasTheBodyInBase64AsVegetaReadsIt() throws JsonProcessingException {
        var line = JSON.readTree(
                new SignIns(tokens, "welcome", URL, 1).among(others, 0.5).get(1).line());

        assertThat(line.path("method").asText()).isEqualTo("POST");
        assertThat(line.at("/header/Content-Type/0").asText()).isEqualTo("application/json");
        assertThat(decoded(line.path("body").asText()).path("name").asText()).isEqualTo("user-0001");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 0.51, Double.NaN})
    void refusesAShareThatCannotBe(double share) {
        assertThatThrownBy(() -> among(share)).hasMessageContaining("share of logins and signups");
    }

    private List<LoadTarget> among(double share) {
        return new SignIns(tokens, "welcome", URL, USERS).among(others, share);
    }

    private static boolean isSignIn(LoadTarget target) {
        return target.method().equals("POST");
    }

    private String answered(LoadTarget target) {
        var path = URI.create(target.url()).getPath();
        var request = new Request(target.method(), path, null, body(target));
        return path + " " + new Scholarships(tokens, "welcome").answer(request).status();
    }

    private static JsonNode body(LoadTarget target) {
        return decoded(target.body());
    }

    private static JsonNode decoded(@Nullable String base64) {
        try {
            return JSON.readTree(Base64.getDecoder().decode(String.valueOf(base64)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
