package sluice.cli.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the statement names is there: a test that was renamed would be NOT_RUN for ever, and nobody would know why. */
class SecurityChecksTest {
    private static final Path ROOT = Path.of("..");

    static Stream<Proof.Tested> tested() {
        return proofs(Proof.Tested.class);
    }

    private static <P extends Proof> Stream<P> proofs(Class<P> kind) {
        return SecurityChecks.ALL.stream()
                .flatMap(check -> check.proofs().stream())
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    @ParameterizedTest
    @MethodSource("tested")
    void everyTestThatItNamesIsInTheRepository(Proof.Tested test) throws IOException {
        Path source = ROOT.resolve(test.module())
                .resolve("src/test/java/%s.java".formatted(test.type().replace('.', '/')));

        assertThat(source).exists();
        for (String method : test.methods()) {
            assertThat(Files.readString(source)).containsPattern("void " + Pattern.quote(method) + "\\(");
        }
    }

    @Test
    void everyPointIsThereOnce() {
        assertThat(SecurityChecks.ALL.stream().map(SecurityCheck::what)).doesNotHaveDuplicates();
        assertThat(SecurityChecks.ALL)
                .allSatisfy(check -> assertThat(check.proofs()).isNotEmpty());
    }

    @Test
    void everyKindOfRequestThatItNamesIsSent() throws IOException {
        List<String> sent = Files.readAllLines(ROOT.resolve("e2e/readiness/requests.tsv")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf('\t')))
                .distinct()
                .toList();

        assertThat(sent)
                .containsAll(proofs(Proof.Requested.class)
                        .map(Proof.Requested::kind)
                        // Not from the list: each is another way to connect.
                        .filter(kind -> !kind.equals("TLS only"))
                        .toList());
    }

    @Test
    void everyProgramThatItNamesIsInTheRepository() {
        assertThat(proofs(Proof.Ran.class))
                .allSatisfy(ran -> assertThat(ROOT.resolve(ran.command())).exists());
    }
}
