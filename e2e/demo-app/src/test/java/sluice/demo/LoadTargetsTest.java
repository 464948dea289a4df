package sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LoadTargetsTest {
    private final Tokens tokens = new Tokens(ScholarshipsTest.anyKey(), new ClockForTests());

    @Test
    void everyUserIsThereEquallyOftenWithATokenThatVerifies() {
        var targets = targets(0);

        var users = targets.stream()
                .map(this::bearer)
                .map(b -> ((Bearer.Verified) b).user())
                .toList();
        assertThat(users).hasSize(500);
        assertThat(users.stream().distinct()).hasSize(50);
    }

    @Test
    void everybodyComesOnceBeforeAnybodyComesAgain() {
        var callers = targets(0).stream().map(this::bearer).toList();

        for (int first = 0; first + 50 <= callers.size(); first++) {
            assertThat(callers.subList(first, first + 50)).doesNotHaveDuplicates();
        }
    }

    @Test
    void everyUserAsksForEveryPathAsOftenAsOthersDo() {
        var byUserAndPath = targets(0).stream()
                .collect(Collectors.groupingBy(target -> bearer(target) + target.url(), Collectors.counting()));

        assertThat(byUserAndPath).hasSize(50 * 3);
        assertThat(byUserAndPath.values()).containsOnly(5L, 4L, 1L);
    }

    @Test
    void whoComesAfterTheAccountsThatAreThereHasSignedUp() {
        var names = LoadTargets.targets(tokens, "https://waf", Users.SEEDED + 1, 0).stream()
                .map(this::bearer)
                .map(bearer -> ((Bearer.Verified) bearer).user().name())
                .collect(Collectors.toSet());

        assertThat(names).hasSize(Users.SEEDED + 1).contains("guest-2001");
    }

    @Test
    void theOrderIsTheSameEachTime() {
        assertThat(LoadTargets.targets(tokens, "https://waf", 50, 0))
                .isEqualTo(LoadTargets.targets(tokens, "https://waf", 50, 0));
    }

    @Test
    void theAskedForShareOfTokensDoesNotVerify() {
        long invalid = targets(0.2).stream()
                .map(this::bearer)
                .filter(Bearer.Invalid.class::isInstance)
                .count();

        assertThat(invalid).isBetween(60L, 140L);
    }

    @Test
    void aTargetIsALineThatVegetaReads() throws JsonProcessingException {
        var line = new ObjectMapper().readTree(targets(0).getFirst().line());

        assertThat(line.properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("method", "url", "header");
        assertThat(line.at("/method").asText()).isEqualTo("GET");
        assertThat(line.at("/url").asText()).startsWith("https://waf/");
        assertThat(line.at("/header/Authorization/0").asText()).startsWith("Bearer ");
    }

    private List<LoadTarget> targets(double invalidShare) {
        return LoadTargets.targets(tokens, "https://waf", 50, invalidShare);
    }

    private Bearer bearer(LoadTarget target) {
        return tokens.check(
                target.header().getOrDefault("Authorization", List.of("")).getFirst());
    }
}
