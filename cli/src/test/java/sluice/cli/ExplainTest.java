package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainTest {
    private static final String ROLLOUT = SavedRollout.ROLLED_BACK + "  later: {field: of another version}\n";
    private static final String STORY = """
            apps/api: RolledBack, weight 0, revision 3f9a0c12de
              2026-01-01T00:00:10Z             Inject (Accepted)              sidecars come
              2026-01-01T00:01:30Z             Start (ObservationOver)        first step: weight 10
              2026-01-01T00:03:30Z             Advance (HoldElapsed)          step 2: weight 100; asked for by promote@3f9a0c12de/alice
              2026-01-01T00:06:00Z             RollBack (ErrorRatio)          ErrorRatio (candidate) was 0.05, at or over 0.01 for 60 s; ErrorRatio (candidate) 0.05 of 0.01 for 1m, last samples 0.04 0.05
              2026-01-01T00:06:00Z             FinishRollBack (Acknowledged)  every sidecar is back: Acknowledged
              now, since 2026-01-01T00:06:01Z  Hold (Latched)                 revision 3f9a0c12de was rolled back
            the last rollback, of revision 3f9a0c12de from weight 100: ErrorRatio (candidate) was 0.05, at or over 0.01 for 60 s
              ErrorRatio (candidate) was 0.05, threshold 0.01, for 1m; samples from 2026-01-01T00:05:00Z to 2026-01-01T00:06:00Z: 0.04 0.05
              decided at 2026-01-01T00:06:00.000Z, written down 5 ms later, last sidecar back 310 ms later, over 320 ms later (Acknowledged)
            the last command, promote@3f9a0c12de/alice at 2026-01-01T00:03:30Z: Done, the step is approved
            attempts so far:
              2026-01-01T00:06:00Z  3f9a0c12de  RolledBack  ErrorRatio
            next: it is not tried again until spec.limiter changes, or somebody says: kubectl rlr retry api -n apps""";

    @TempDir
    Path folder;

    private String saved(String text) throws IOException {
        return Files.writeString(folder.resolve("saved.yaml"), text).toString();
    }

    @Test
    void tellsTheStoryOfASavedRollout() throws IOException {
        assertThat(Run.of("explain", "-f", saved(ROLLOUT))).isEqualTo(new Run(0, STORY, ""));
    }

    @Test
    void tellsTheStoryOfARolloutInACluster() throws IOException {
        try (var cluster = new FakeCluster(folder, ROLLOUT)) {
            assertThat(Run.of("explain", "api", "--kubeconfig", cluster.kubeconfig())
                            .out())
                    .isEqualTo(STORY);
        }
    }

    @Test
    void programsGetTheSameInTheOrderOfTime() throws IOException {
        var json = new JsonMapper()
                .readTree(Run.of("explain", "-f", saved(ROLLOUT), "-o", "json").out());
        assertThat(json.path("decisions").findValuesAsText("name"))
                .containsExactly("Inject", "Start", "Advance", "RollBack", "FinishRollBack");
        assertThat(json.at("/decisions/2/by").asText()).isEqualTo("promote@3f9a0c12de/alice");
        assertThat(json.at("/decisions/3").toString())
                .contains("\"signal\":\"ErrorRatio\"", "\"value\":\"0.05\"", "\"threshold\":\"0.01\"", "\"for\":\"1m\"")
                .contains("\"samples\":[{");
        assertThat(json.at("/lastRollback/samples/1/value").asText()).isEqualTo("0.05");
        assertThat(json.path("next").asText()).startsWith("it is not tried again");
    }

    @Test
    void findsTheRolloutThatIsMeantInAList() throws IOException {
        var list =
                "{kind: List, items: [{kind: RateLimitRollout, metadata: {name: a}}, {kind: RateLimitRollout, metadata: {name: b}}]}";
        assertThat(Run.of("explain", "b", "-f", saved(list)).out()).isEqualTo("""
                default/b: Unknown
                next: no operator has seen it yet; is one running that watches the namespace?""");
        assertThat(Run.of("explain", "-f", saved(list)).err()).endsWith("has the rollouts [a, b]; keep one in it");
        assertThat(Run.of("explain", "c", "-f", saved(list)).err())
                .endsWith("has the rollouts [a, b]; none is called c");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            Promoted    | Armed                | nothing unless a rule is broken within 23h; to go back now: kubectl rlr abort api -n apps
            RolledBack  | BackingOff           | it starts over in 23h; to try it now: kubectl rlr retry api -n apps; to keep it back: kubectl rlr abort api -n apps
            RolledBack  | NoData               | it starts over some time after data are back; to keep it back: kubectl rlr abort api -n apps
            Progressing | NoData               | it goes on when data are back, and goes back when that takes longer than spec.stopLoss.noData.rollBackAfter
            Progressing | NotShownYet          | it goes on when enough requests have shown that the candidate is not worse
            Progressing | ShownWorse           | it goes back when that lasts for spec.stopLoss.progressDeadline; it goes on when spec.comparison is removed
            Baking      | CannotBeShown        | it goes back when that lasts for spec.stopLoss.progressDeadline; it goes on when spec.comparison is removed
            Promoted    | NoData               | nothing for as long as data are missing; to go back now: kubectl rlr abort api -n apps
            Pending     | ServiceBreaching     | it goes on when the service breaches no rule any more
            Injecting   | SidecarsNotReady     | it goes on when every sidecar is ready, and goes back when that takes longer than spec.stopLoss.progressDeadline
            Baking      | ScaledToZero         | it goes on when the target has pods
            Observing   | NoTraffic            | it goes on when there are requests
            Progressing | NoTraffic            | it goes on when there are requests, and goes back when that takes longer than spec.stopLoss.progressDeadline
            Baking      | NoTraffic            | it goes on when there are requests, and goes back when that takes longer than spec.stopLoss.progressDeadline
            Observing   | OneIdentityDominates | it goes on when no identity makes most of the requests, and goes back when that takes longer than spec.stopLoss.progressDeadline
            Progressing | EvaluationResumed    | it goes on after the step's hold, which begins again
            RollingBack | AwaitingSidecars     | it is back when every sidecar has confirmed it, or is known to have left the candidate by itself
            Pending     | TargetNotFound       | it is looked at every 10 s
            """)
    void saysWhatHappensNext(String phase, String reason, String next) throws IOException {
        var rollout =
                "{kind: RateLimitRollout, metadata: {name: api, namespace: apps}, status: {phase: %s, nextIn: 23h, lastDecision: {name: Hold, reason: %s}}}"
                        .formatted(phase, reason);
        assertThat(Run.of("explain", "-f", saved(rollout)).out()).endsWith("\nnext: " + next);
    }

    @Test
    void wantsToKnowWhich() {
        assertThat(Run.of("explain")).isEqualTo(new Run(2, "", "kubectl-rlr: name the rollout, or a file with -f"));
    }
}
