package sluice.e2e.story;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sluice.e2e.rollout.StoryBrokenException;

/** The smoke suite of {@code e2e/around/smoke} as a hook of the rollout: a Job that calls the service as everybody does, through the WAF. */
public enum SmokeSuite {
    AFTER_PROMOTION("smoke", "AfterPromotion", "Promoted"),
    AFTER_ROLLBACK("smoke-back", "AfterRollback", "RolledBack");

    /** Until it is in place and has ended, the hook's own timeout included. */
    private static final Duration UNTIL_OVER = Duration.ofMinutes(15);

    private final String hook;
    private final String when;
    private final String phase;

    SmokeSuite(String hook, String when, String phase) {
        this.hook = hook;
        this.when = when;
        this.phase = phase;
    }

    /**
     * An element of {@code spec.hooks}. What it names is made by {@code e2e/around/smoke/prepare}.
     *
     * @param service the address that callers use
     */
    public Map<String, Object> hook(URI service) {
        return Map.of(
                "name",
                hook,
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
                        variable("BASE_URL", service.toString()),
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

    /**
     * Waits until it has passed and returns what it printed; a suite that fails breaks the story.
     *
     * @param mark where the story of the rollout that it belongs to begins in the history
     */
    public String await(Stage stage, int mark) {
        var end = stage.history()
                .await(
                        "the end of the smoke suite, " + phase,
                        mark,
                        UNTIL_OVER,
                        rollout -> rollout.isNow(phase) && rollout.endOfHooks().isPresent())
                .rollout()
                .endOfHooks()
                .orElseThrow();
        var printed = log(stage);
        // kubectl-rlr readiness reads this sentence in the story, however it ended.
        stage.say("the smoke suite has run as a hook: " + lastLine(printed));
        if (!end.isTrue()) {
            throw new StoryBrokenException(end.message() + "\n" + printed);
        }
        return printed;
    }

    /** Of its newest run: Jobs of earlier ones stay for a day. */
    private String log(Stage stage) {
        var pods = kubectl(
                stage,
                "get",
                "pods",
                "--selector",
                "sluice.dev/hook=" + hook,
                "--sort-by=.metadata.creationTimestamp",
                "--output=name");
        return pods.isEmpty() ? "" : kubectl(stage, "logs", "--tail=-1", lastLine(pods));
    }

    private static String kubectl(Stage stage, String... arguments) {
        var all = Stream.concat(Stream.of("-n", stage.app().namespace()), Stream.of(arguments));
        return stage.scripts().tryKubectl("", all.toArray(String[]::new)).out();
    }

    private static String lastLine(String text) {
        return text.lines().reduce("", (_, line) -> line);
    }
}
