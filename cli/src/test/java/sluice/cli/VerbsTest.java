package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerbsTest {
    private static final String ROLLOUT = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: api, namespace: apps, generation: 3}
            spec: {targetRef: {name: api}, limiter: {backend: Memory}, stopLoss: {interval: 1s}}
            status:
              observedGeneration: 3
              phase: Progressing
              weight: 10
              stepText: 1/2
              nextIn: 4m10s
              stable: {revision: "off", limiter: '{}'}
              candidate: {revision: 3f9a0c12de, limiter: '{}'}
              sidecars: {desired: 2, injected: 2, connected: 2, inSync: 2}
              lastDecision: {name: Hold, reason: Holding, message: step 1 of 2 at weight 10, at: '2026-01-01T00:00:00.000Z'}
              signals: [{name: ErrorRatio, scope: candidate, value: "0.002", threshold: "0.01", verdict: Healthy}]
            """;

    private final FakeCluster cluster;

    VerbsTest(@TempDir Path folder) throws IOException {
        cluster = new FakeCluster(folder, ROLLOUT);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Run run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--kubeconfig", cluster.kubeconfig()));
        return Run.of(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "promote, promote",
        "promote --full, promote-full",
        "promote-full, promote-full",
        "pause, pause",
        "resume, resume",
        "abort, abort",
        "retry, retry",
        "skip-hold, skip-hold",
        "skip-hook, skip-hook"
    })
    void tellsTheOperatorAndPrintsItsAnswer(String typed, String verb) {
        cluster.answering("Done", "as you say");
        var run = run((typed + " api").split(" ", -1));
        assertThat(run)
                .isEqualTo(
                        new Run(0, "apps/api: " + verb + ": Done, as you say\nProgressing, weight 10, step 1/2", ""));
        assertThat(cluster.commands)
                .singleElement()
                .satisfies(text -> assertThat(text).matches(verb + "@3f9a0c12de/[A-Za-z0-9._-]+-\\d{8}T\\d{9}Z"));
    }

    @Test
    void whatTheOperatorHasNotDoneIsNoSuccess() {
        cluster.answering("Ignored", "it is not paused");
        var run = run("resume", "api");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).contains("Ignored, it is not paused");
    }

    @Test
    void saysWhenNobodyAnswers() {
        var run = run("pause", "api", "--timeout", "10ms");
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err()).startsWith("kubectl-rlr: apps/api: the operator has not answered pause@3f9a0c12de/");
    }

    @Test
    void doesNotWaitWhenAskedNotTo() {
        var run = run("pause", "api", "--no-wait");
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("apps/api: told to pause (pause@3f9a0c12de/");
    }

    @Test
    void saysWhenALaterCommandCameInBetween() {
        cluster.overtaking("abort@3f9a0c12de/bob");
        var run = run("pause", "api");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("because of a later command: abort@3f9a0c12de/bob");
    }

    @Test
    void saysThatThereIsNoSuchRollout() {
        var run = run("pause", "other");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).startsWith("kubectl-rlr: there is no RateLimitRollout 'other' in namespace 'apps'");
    }

    @Test
    void saysWhatTheApiServerForbids() {
        cluster.refusing(403, "ratelimitrollouts is forbidden: User \"me\" cannot get it");
        var run = run("pause", "api");
        assertThat(run)
                .isEqualTo(new Run(1, "", "kubectl-rlr: ratelimitrollouts is forbidden: User \"me\" cannot get it"));
    }

    @Test
    void saysThatAClusterCannotBeReached() {
        cluster.close();
        var run = run("status", "api");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("http://127.0.0.1:")
                .contains("cannot be reached")
                .contains("--kubeconfig");
    }

    @Test
    void saysWhichContextsThereAre() {
        var run = run("pause", "api", "--context", "theirs");
        assertThat(run)
                .isEqualTo(new Run(
                        2, "", "kubectl-rlr: --context: there is no context 'theirs' in the kubeconfig, but [ours]"));
    }

    @Test
    void saysThatAKubeconfigCannotBeRead() {
        var run = Run.of("pause", "api", "--kubeconfig", "/nowhere");
        assertThat(run).isEqualTo(new Run(2, "", "kubectl-rlr: --kubeconfig: /nowhere cannot be read"));
    }

    @Test
    void aTimeThatIsNoneIsATypingError() {
        var run = run("pause", "api", "--timeout", "soon");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--timeout").contains("'soon' is not a duration like 300ms, 10s, 5m or 1h30m");
    }

    @Test
    void printsTheStatusOnOnePage() {
        assertThat(run("status", "api").out()).isEqualTo("""
                apps/api
                  phase       Progressing, weight 10, step 1/2, next in 4m10s
                  revision    3f9a0c12de, stable is off
                  sidecars    2 desired, 2 injected, 2 connected, 2 in sync
                  decision    Hold, Holding, since 2026-01-01T00:00:00.000Z: step 1 of 2 at weight 10
                  conditions
                  signal      scope      value  threshold  verdict
                  ErrorRatio  candidate  0.002  0.01       Healthy""");
    }
}
