package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusWaitTest {
    private static final String ROLLOUT = """
            metadata: {name: api, namespace: apps, generation: 3}
            status: {observedGeneration: GENERATION, phase: PHASE, weight: 0}
            """;
    private static final String SPEC = """
            spec:
              targetRef: {name: api}
              limiter: {backend: Memory, limits: [{name: all, tokens: 10, per: 1s}]}
              strategy: {observe: 1m, steps: [{weight: 10, hold: 2m}, {weight: 100, hold: 5m}]}
            """;

    @TempDir
    Path folder;

    private Run waiting(String phase, int generation) throws IOException {
        return waiting(phase, generation, "");
    }

    private Run waiting(String phase, int generation, String spec) throws IOException {
        var resource = spec + ROLLOUT.replace("PHASE", phase).replace("GENERATION", String.valueOf(generation));
        try (var cluster = new FakeCluster(folder, resource)) {
            return Run.of("status", "api", "--wait", "--timeout", "10ms", "--kubeconfig", cluster.kubeconfig());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Promoted, 0",
        "RollingBack, 5",
        "RolledBack, 5",
        "Paused, 6",
        "Suspended, 6",
        "Progressing, 4",
        "Pending, 4"
    })
    void endsAsTheRolloutDoes(String phase, int code) throws IOException {
        assertThat(waiting(phase, 3).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"Promoted, stable, 0", "RollingBack, candidate, 5", "RolledBack, candidate, 5"})
    void endsWhenThePhaseIsAboutTheLimiterThatIsAskedFor(String phase, String of, int code) throws IOException {
        assertThat(asking(phase, of, revision()).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"Promoted, stable", "RollingBack, candidate", "RolledBack, candidate"})
    void waitsWhileThePhaseIsAboutTheLimiterBefore(String phase, String of) throws IOException {
        assertThat(asking(phase, of, "3f9a0c12de").code()).isEqualTo(4);
    }

    @Test
    void aResourceOfALaterSchemaEndsAsItsPhaseSays() throws IOException {
        var later = SPEC.replace("backend: Memory", "backend: Memory, ofLater: 1");
        assertThat(waiting("Promoted, stable: {revision: 3f9a0c12de}", 3, later).code())
                .isEqualTo(0);
    }

    private Run asking(String phase, String of, String revision) throws IOException {
        return waiting("%s, %s: {revision: %s}".formatted(phase, of, revision), 3, SPEC);
    }

    private static String revision() throws IOException {
        return RolloutFile.plan("spec", new YAMLMapper().readTree(SPEC))
                .candidate()
                .revision();
    }

    @Test
    void saysThatSomebodyMustMendAResourceThatWasRefused() throws IOException {
        var refused = "Promoted, conditions: [{type: Stalled, status: 'True', reason: InvalidSpec, message: no}]";
        assertThat(waiting(refused, 3).code()).isEqualTo(6);
    }

    @Test
    void doesNotWaitForAHookThatHasFailed() throws IOException {
        var failed = "Progressing, lastDecision: {name: Hold, reason: HookFailed, message: hook smoke failed}";
        assertThat(waiting(failed, 3).code()).isEqualTo(6);
    }

    @Test
    void isNotContentWithTheLimiterBefore() throws IOException {
        var run = waiting("Promoted", 2);
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err()).isEqualTo("kubectl-rlr: apps/api is still on its way after 0 s: Promoted, weight 0");
    }
}
