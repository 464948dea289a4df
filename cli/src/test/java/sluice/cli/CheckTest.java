package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckTest {
    private static final String FINE = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: api}
            spec: {targetRef: {name: api}, limiter: {backend: Memory, limits: [{name: all, tokens: 10, per: 1s}]}}
            """;

    @TempDir
    Path folder;

    private Run check(String text) throws IOException {
        return Run.of(
                "check",
                "-f",
                Files.writeString(folder.resolve("rollout.yaml"), text).toString());
    }

    @Test
    void everyRolloutInTheFileIsChecked() throws IOException {
        var run = check(FINE + "---\nkind: Service\n---\n" + FINE.replace("name: api}\nspec", "name: other}\nspec"));
        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).endsWith(" is fine"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tokens: 10 | tokns: 10   | api: unknown field "spec.limiter.limits[0].tokns"
            tokens: 10 | tokens: ten | api: spec.limiter.limits[0].tokens: must be of type integer, is "ten"
            kind: Rate | kind: Rete  | kind must be RateLimitRollout, is ReteLimitRollout
            limiter:   | limits:     | api: spec.limiter: Required value
            """)
    void saysWhatIsWrongAndWhere(String text, String instead, String message) throws IOException {
        var run = check(FINE.replace(text, instead));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("rollout.yaml").contains(message);
    }

    @Test
    void anEmptyFileHasNoRollout() throws IOException {
        assertThat(check("").err()).endsWith("rollout.yaml: kind must be RateLimitRollout, is missing");
    }
}
