package sluice.cli.readiness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.cli.InvalidInputException;
import sluice.cli.readiness.TestReports.Tally;

class SurefireFolderTest {
    private static final String REPORT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="a.FirstTest" tests="5">
              <properties><property name="user.home" value="/home/somebody"/></properties>
              <testcase name="passes" classname="a.FirstTest" time="0.1"/>
              <testcase name="hasCases(String)[1]" classname="a.FirstTest"><system-out>fine</system-out></testcase>
              <testcase name="hasCases(String)[2]" classname="a.FirstTest"><failure message="no">why</failure></testcase>
              <testcase name="isLeftOut" classname="a.FirstTest"><skipped message="no Redis"/></testcase>
              <testcase name="isShaky" classname="a.FirstTest"><flakyFailure message="once"/></testcase>
            </testsuite>
            """;

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void keepAReport() throws IOException {
        Files.writeString(folder.resolve("run.json"), "{\"commit\": \"abc\", \"changed\": false}");
        Files.writeString(Files.createDirectories(folder.resolve("unit/cli")).resolve("TEST-a.FirstTest.xml"), REPORT);
    }

    private TestReports read() {
        var files = new TreeMap<String, byte[]>();
        files.put(TestReports.FILE, SurefireFolder.summary(folder));
        return TestReports.of(new Evidence(files)).orElseThrow();
    }

    @Test
    void countsHowOftenEachTestEndedHow() {
        var reports = read();

        assertThat(reports.commit()).isEqualTo("abc");
        assertThat(reports.all()).isEqualTo(new Tally(2, 2, 1));
        assertThat(reports.of("a.FirstTest", "passes").outcome()).isEqualTo(Outcome.PASSED);
        assertThat(reports.of("a.FirstTest", "hasCases")).isEqualTo(new Tally(1, 1, 0));
        assertThat(reports.of("a.FirstTest", "isLeftOut").outcome()).isEqualTo(Outcome.NOT_RUN);
        assertThat(reports.of("a.FirstTest", "isShaky").outcome()).isEqualTo(Outcome.FAILED);
        assertThat(reports.of("a.FirstTest", "isNotThere").outcome()).isEqualTo(Outcome.NOT_RUN);
        assertThat(reports.of("a.SecondTest", "").outcome()).isEqualTo(Outcome.NOT_RUN);
    }

    @Test
    void takesNothingThatTellsAboutTheMachine() {
        assertThat(new String(SurefireFolder.summary(folder), UTF_8)).doesNotContain("/home/somebody");
    }

    @Test
    void readsNoFileThatAReportPointsTo() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "hunter2");
        Path bad = folder.resolve("unit/cli/TEST-bad.xml");
        Files.writeString(bad, """
                <!DOCTYPE t [<!ENTITY e SYSTEM "%s">]><testsuite><testcase name="&e;" classname="a"/></testsuite>""".formatted(secret.toUri()));

        assertThatThrownBy(this::read).isInstanceOf(InvalidInputException.class).hasMessageContaining(bad.toString());
    }

    @Test
    void namesAFileThatIsCutOff() throws IOException {
        Path bad = Files.writeString(folder.resolve("unit/cli/TEST-cut.xml"), "<testsuite><testcase name='a'");

        assertThatThrownBy(this::read).isInstanceOf(InvalidInputException.class).hasMessageContaining(bad.toString());
    }
}
