package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import sluice.e2e.load.Load;
import sluice.e2e.rollout.Manifest;
import sluice.e2e.story.Afterwards;
import sluice.e2e.story.Patience;
import sluice.e2e.story.Stage;

/** The smoke suite of {@code e2e/around/smoke} as hooks: Jobs that call the service as everybody does, through the WAF. */
@Order(7)
class HooksE2E {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Stage stage = TestCluster.stage();

    @Test
    void theSmokeSuitePassesAfterAPromotionAndAfterARollback() {
        // Beside it the suite's own burst is no share that a stop-loss rule would notice.
        Load load = TestCluster.load(TestCluster.RATE);
        try (Afterwards _ = load::stop) {
            promote();
            goBack();
        }
    }

    private void promote() {
        int mark = stage.apply(manifest(63).withHolds("10s", "10s"));

        assertPassed("smoke");
        awaitSucceeded("Promoted", mark);
    }

    private void goBack() {
        int mark = stage.apply(manifest(64).withHolds("30m", "10s"));
        stage.history().await("weight 10", mark, PATIENCE, rollout -> rollout.isCurrent() && rollout.weight() == 10);
        stage.command("abort");

        assertPassed("smoke-back");
        awaitSucceeded("RolledBack", mark);
    }

    private static Manifest manifest(int tokens) {
        return TestCluster.manifest()
                .withLimit(tokens, "1m", tokens)
                .with("/spec/strategy/observe", "10s")
                .with("/spec/hooks", List.of(hook("smoke", "AfterPromotion"), hook("smoke-back", "AfterRollback")));
    }

    private static Map<String, Object> hook(String name, String when) {
        return Map.of(
                "name",
                name,
                "when",
                when,
                "timeout",
                "8m",
                "image",
                "sluice/smoke:1",
                "command",
                List.of("/bin/sh", "/etc/sluice/hook/smoke.sh"),
                "scripts",
                "smoke-suite",
                "env",
                List.of(
                        variable("BASE_URL", TestCluster.environment().waf().toString()),
                        variable("CURL_CA_BUNDLE", "/etc/sluice/hook/ca.crt"),
                        token("STUDENT_TOKEN", "student"),
                        token("PROVIDER_TOKEN", "provider"),
                        token("ADMIN_TOKEN", "admin")));
    }

    private static Map<String, Object> variable(String name, String value) {
        return Map.of("name", name, "value", value);
    }

    private static Map<String, Object> token(String name, String role) {
        return Map.of("name", name, "secretKeyRef", Map.of("name", "smoke-tokens", "key", role));
    }

    private static void assertPassed(String hook) {
        Patience.until("the end of the Job of hook " + hook, PATIENCE, () -> isOver(hook));

        assertThat(kubectl("logs", "--selector", "sluice.dev/hook=" + hook, "--tail=-1"))
                .contains("13 of 13 passed")
                .doesNotContain("FAILED", "eyJ");
    }

    private static boolean isOver(String hook) {
        var ends = kubectl(
                "get",
                "jobs",
                "--selector",
                "sluice.dev/hook=" + hook,
                "--output",
                "jsonpath={.items[*].status.conditions[?(@.status==\"True\")].type}");
        return ends.contains("Complete") || ends.contains("Failed");
    }

    private static String kubectl(String... arguments) {
        return TestCluster.scripts()
                .kubectl(
                        "",
                        Stream.concat(Stream.of("-n", TestCluster.NAMESPACE), Stream.of(arguments))
                                .toArray(String[]::new));
    }

    private void awaitSucceeded(String phase, int mark) {
        stage.history()
                .await(
                        "every hook's success, " + phase,
                        mark,
                        PATIENCE,
                        rollout -> rollout.isNow(phase)
                                && rollout.conditions().containsKey("HooksSucceeded")
                                && rollout.conditions().get("HooksSucceeded").isTrue());
    }
}
