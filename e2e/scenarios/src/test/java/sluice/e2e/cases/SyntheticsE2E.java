package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.e2e.cases.OnCall.PATIENCE;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sluice.e2e.cases.SlackChannel.Told;
import sluice.e2e.story.Afterwards;
import sluice.e2e.story.Patience;

/** The chart's checks from outside, in quick motion: whoever is on call hears of one that fails twice in a row, and of one that nobody tries any more. */
@Order(13)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SyntheticsE2E {
    /** The chart's, and what they ask the service for. */
    private static final Map<String, String> PATH_OF_CHECK = Map.of(
            "public-health", "/healthz",
            "auth-required", "/api/me",
            "student-flow", "/api/courses",
            "provider-flow", "/api/me");

    private static final String FAILING = "SluiceProbeFailing";
    private static final String MISSING = "SluiceProbeMissing";
    private static final String UNAUTHORIZED = "the last answer was 401";
    private static final String NO_ANSWER = "nobody answered";

    private final OnCall onCall = new OnCall();
    private List<Told> aboutTheToken = List.of();

    @BeforeAll
    void makeTrouble() throws IOException {
        synthetics("start");
        synthetics("watch");
        onCall.begin();
        spoilTheStudentsToken();
        closeTheWayIn();
        loseTheExporter();
    }

    @AfterAll
    void end() {
        try (onCall) {
            synthetics("stop");
        }
    }

    private static void synthetics(String verb) {
        TestCluster.scripts().run("around/synthetics", verb);
    }

    private void spoilTheStudentsToken() throws IOException {
        // Which makes new tokens.
        try (Afterwards _ = () -> synthetics("start")) {
            Files.writeString(TestCluster.environment().state().resolve("blackbox/student-token"), "has-run-out");
            Patience.until("a message about the student", PATIENCE, () -> isToldToFail("student-flow", UNAUTHORIZED));
            aboutTheToken = onCall.about(FAILING);
        }
        onCall.awaitOver(FAILING);
    }

    private void closeTheWayIn() {
        try (Afterwards _ = () -> TestCluster.scripts().run("around/waf", "start")) {
            TestCluster.scripts().run("around/waf", "stop");
            awaitAll("messages about a service that nobody reaches", check -> isToldToFail(check, NO_ANSWER));
        }
        onCall.awaitOver(FAILING);
    }

    private void loseTheExporter() {
        try (Afterwards _ = () -> synthetics("start")) {
            synthetics("kill");
            awaitAll("messages about checks that nobody tries", this::isToldToBeMissing);
        }
        onCall.awaitOver(MISSING);
    }

    private static void awaitAll(String what, Predicate<String> told) {
        Patience.until(what, PATIENCE, () -> PATH_OF_CHECK.keySet().stream().allMatch(told));
    }

    private boolean isToldToFail(String check, String lastAnswer) {
        return failures(lastAnswer).anyMatch(failure -> failure.group("check").equals(check));
    }

    private Stream<MatchResult> failures(String lastAnswer) {
        var sentence =
                Pattern.compile("(?<check>\\S+) fails at (?<address>\\S+), twice in a row; " + lastAnswer + "\\b");
        return onCall.about(FAILING).stream()
                .flatMap(told -> sentence.matcher(told.text()).results());
    }

    private boolean isToldToBeMissing(String check) {
        return onCall.about(MISSING).stream().anyMatch(told -> told.text().contains(check + " is not tried any more"));
    }

    @Test
    void aTokenThatHasRunOutIsToldOfItsCheckAlone() {
        assertThat(aboutTheToken)
                .isNotEmpty()
                .allSatisfy(told -> assertThat(told.text())
                        .contains("student-flow fails at https://")
                        .doesNotContain("public-health", "auth-required", "provider-flow"));
    }

    @Test
    void eachCheckIsToldWithTheAddressWhereNobodyAnswers() {
        var service = TestCluster.environment().waf();
        var asked = PATH_OF_CHECK.entrySet().stream()
                .map(check -> check.getKey() + " at " + service + check.getValue())
                .toList();

        assertThat(failures(NO_ANSWER).map(failure -> failure.group("check") + " at " + failure.group("address")))
                .hasSameElementsAs(asked);
    }

    @Test
    void whatCallersSeeWakesWhoIsOnCall() {
        assertThat(onCall.about(FAILING)).isNotEmpty().allSatisfy(told -> {
            assertThat(told.channel()).isEqualTo("#oncall");
            assertThat(told.text()).contains("docs/ONCALL_RUNBOOK.md#sluiceprobefailing");
        });
    }

    @Test
    void whatNobodyTriesIsWarnedOf() {
        assertThat(onCall.about(MISSING)).isNotEmpty().allSatisfy(told -> {
            assertThat(told.channel()).isEqualTo("#oncall-warnings");
            assertThat(told.text()).contains("docs/ONCALL_RUNBOOK.md#sluiceprobemissing");
        });
    }
}
