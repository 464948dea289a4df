package sluice.cli.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import sluice.cli.ExitCode;

/** The command, on folders. */
class ReadinessCommandTest {
    @TempDir
    private Path above = Path.of("");

    private Path evidence = Path.of("");
    private Path out = Path.of("");

    @BeforeEach
    void writeEvidence() throws IOException {
        evidence = above.resolve("evidence");
        out = above.resolve("package");
        for (var file : Fixture.allWell().evidence().files().entrySet()) {
            Path path = evidence.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    private record Ran(int code, String out) {}

    private static Ran run(Object... arguments) {
        var out = new StringWriter();
        var command = new CommandLine(new ReadinessCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .setExecutionExceptionHandler((problem, line, parsed) -> {
                    line.getErr().println(problem.getMessage());
                    return ExitCode.USAGE;
                });
        String[] texts = Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new);
        return new Ran(command.execute(texts), out.toString());
    }

    private void write() {
        assertThat(run("--evidence", evidence, "--out", out).code()).isZero();
    }

    @Test
    void writesAPackageThatItsOwnCheckTakes() {
        var written = run("--evidence", evidence, "--out", out);

        assertThat(written).satisfies(ran -> assertThat(ran.code()).isZero());
        assertThat(written.out()).contains("Not shown yet: 1 of 19 items were NOT_RUN", "begin with index.html");
        assertThat(run("--check", out).code()).isZero();
    }

    @Test
    void endsWithOneWhenSomethingIsOpenAndAllIsAskedFor() {
        assertThat(run("--evidence", evidence, "--out", out, "--complete").code())
                .isEqualTo(ExitCode.FAILED);
        assertThat(out.resolve("index.html")).exists();
    }

    @Test
    void namesWhatFailedAndEndsWithOneWhenThatIsAskedFor() throws IOException {
        Files.writeString(evidence.resolve(PaperItems.RESOURCE), Fixture.resource("RolledBack"));

        assertThat(run("--evidence", evidence, "--out", out))
                .satisfies(ran -> assertThat(ran.code()).isZero())
                .satisfies(ran -> assertThat(ran.out())
                        .contains("  FAILED The rollout's own report: it ended as RolledBack\n")
                        .doesNotContain("FAILED Snapshots"));
        assertThat(run("--evidence", evidence, "--out", out, "--none-failed").code())
                .isEqualTo(ExitCode.FAILED);
        assertThat(out.resolve("index.html")).exists();
    }

    @Test
    void takesWhatWasNotRunForNoFailure() {
        assertThat(run("--evidence", evidence, "--out", out, "--none-failed").code())
                .isZero();
    }

    @Test
    void writesNothingWhenItIsOnlyTried() throws IOException {
        Path nothing = Files.createDirectories(above.resolve("nothing"));

        assertThat(run("--evidence", nothing, "--out", out, "--dry-run"))
                .satisfies(ran -> assertThat(ran.code()).isZero())
                .satisfies(ran -> assertThat(ran.out()).contains("nothing was written"));
        assertThat(out).doesNotExist();
    }

    @Test
    void refusesAPlaceOfOthersAlsoWhenItIsOnlyTried() throws IOException {
        Path nothing = Files.createDirectories(above.resolve("nothing"));
        Files.writeString(Files.createDirectories(out).resolve("thesis.txt"), "years of work");

        assertThat(run("--evidence", nothing, "--out", out, "--dry-run"))
                .satisfies(ran -> assertThat(ran.code()).isEqualTo(ExitCode.USAGE))
                .satisfies(ran -> assertThat(ran.out()).contains("thesis.txt, which no report has written"));
    }

    @Test
    void writesAPackageAgainFromItself() throws IOException {
        write();
        byte[] before = Files.readAllBytes(out.resolve("manifest.json"));
        Files.writeString(out.resolve("index.html"), "of an older generator");

        assertThat(run("--check", out)).isEqualTo(new Ran(ExitCode.FAILED, """
                index.html: is not what this generator writes
                %s: 1 files are not what this version writes; have it written again: --evidence %s --out %s
                """.formatted(out, out, out)));
        assertThat(run("--evidence", out, "--out", out).code()).isZero();
        assertThat(out.resolve("manifest.json")).hasBinaryContent(before);
        assertThat(run("--check", out).code()).isZero();
    }

    /** Whatever is not the run's own is found, and written again; of the run's own what is none of its kind. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pictures/sluice-auth.svg",
                "pictures/no-data.txt",
                "rollout/index.html",
                "rollout/manifest.json",
                "rollout/timeline.json",
                "rollout/charts/attempt.svg",
                "ONCALL_RUNBOOK.md",
                "definitions/crd.yaml",
                "definitions/alerts/rules.yaml",
                "definitions/synthetics/synthetics.json",
                "definitions/dashboards/sluice-auth.json"
            })
    void findsJunkAndWritesItAgain(String path) throws IOException {
        write();
        byte[] before = Files.readAllBytes(out.resolve(path));
        Files.writeString(out.resolve(path), path.endsWith(".json") ? "{\"a\": 1}" : "junk");

        assertThat(run("--check", out))
                .satisfies(ran -> assertThat(ran.code()).isEqualTo(ExitCode.FAILED))
                .satisfies(ran -> assertThat(ran.out()).contains(path + ": is not what this generator writes"));
        assertThat(run("--evidence", out, "--out", out).code()).isZero();
        assertThat(out.resolve(path)).hasBinaryContent(before);
        assertThat(run("--check", out).code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pictures/samples/sluice-auth.json",
                "rollout/resource.json",
                "rollout/samples/attempt.csv",
                "definitions/rollout.yaml",
                "load/bench.json"
            })
    void refusesJunkInPlaceOfWhatWasMeasured(String path) throws IOException {
        write();
        Files.writeString(out.resolve(path), "junk");

        assertThat(run("--check", out).code()).isNotZero();
        assertThat(run("--evidence", out, "--out", out).code()).isNotZero();
    }

    @Test
    void findsWhatWasChangedTakenAwayOrAdded() throws IOException {
        write();
        Files.writeString(out.resolve("story.txt"), "it went even better\n");
        Files.delete(out.resolve("ONCALL_RUNBOOK.md"));
        Files.writeString(out.resolve(MonitoringItems.SYNTHETICS), "[]");
        Files.writeString(out.resolve("praise.txt"), "by nobody");

        assertThat(run("--check", out).out())
                .contains(
                        "story.txt: is not what was written",
                        "ONCALL_RUNBOOK.md: is missing",
                        "praise.txt: is not in the manifest",
                        "index.html: is not what this generator writes");
    }

    @Test
    void findsAPackageOfAnotherGenerator() throws IOException {
        write();
        Path manifest = out.resolve("manifest.json");
        Files.writeString(
                manifest, Files.readString(manifest).replaceFirst("\"generator\" : [0-9]+", "\"generator\" : 0"));

        assertThat(run("--check", out).out())
                .contains("manifest.json: is of generator 0, this is " + ReadinessPackage.GENERATOR);
    }

    @Test
    void findsAFolderThatNobodyHasWritten() {
        assertThat(run("--check", evidence))
                .satisfies(ran -> assertThat(ran.code()).isEqualTo(ExitCode.FAILED))
                .satisfies(ran -> assertThat(ran.out()).contains("there is no manifest.json"));
    }

    @Test
    void overwritesNothingOfOthers() throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve("thesis.txt"), "years of work");

        assertThat(run("--evidence", evidence, "--out", out))
                .satisfies(ran -> assertThat(ran.code()).isEqualTo(ExitCode.USAGE))
                .satisfies(ran -> assertThat(ran.out()).contains("thesis.txt, which no report has written"));
    }

    @Test
    void takesTheReportsOfTests() throws IOException {
        Path reports = Files.createDirectories(above.resolve("reports"));
        Files.writeString(reports.resolve("run.json"), """
                {"commit": "%s", "changed": false, "failed": 0, "layers": ["api", "cluster", "mock", "unit"]}""".formatted(Fixture.COMMIT));
        Files.writeString(reports.resolve("TEST-a.xml"), "<testsuite><testcase name='a' classname='b'/></testsuite>");

        run("--evidence", evidence, "--out", out, "--tests", reports);

        assertThat(out.resolve("index.html")).content().contains("1 passed, 0 failed, 0 skipped in 1 classes");
    }

    @Test
    void saysWhichOptionIsMissing() {
        assertThat(run("--evidence", evidence))
                .isEqualTo(new Ran(ExitCode.USAGE, "--out: is missing; name the folder that is to be written\n"));
        assertThat(run().out()).contains("--evidence", "--check");
    }

    @Test
    void takesNoLinkForEvidence() throws IOException {
        Files.createSymbolicLink(evidence.resolve("passwd"), Path.of("/etc/passwd"));

        assertThat(run("--evidence", evidence, "--out", out).out()).contains("has 'passwd'; evidence is plain files");
    }
}
