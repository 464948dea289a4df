package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

    @TempDir
    Path folder;

    private Run waiting(String phase, int generation) throws IOException {
        var resource = ROLLOUT.replace("PHASE", phase).replace("GENERATION", String.valueOf(generation));
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
