package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportLinkTest {

    @Test
    void fillsInWhichRolloutItIsAbout() {
        assertThat(ReportLink.of("https://reports.example:8443/{namespace}/{name}?revision={revision}&again={name}")
                        .line("apps", "scholarship.api", "3f9a0c12de"))
                .contains(
                        "Report: https://reports.example:8443/apps/scholarship.api?revision=3f9a0c12de&again=scholarship.api");
        assertThat(ReportLink.of("http://reports/all").line("apps", "api", "off"))
                .contains("Report: http://reports/all");
    }

    @Test
    void saysNothingWhenNobodySaidWhere() {
        assertThat(ReportLink.of(null)).isEqualTo(ReportLink.NONE);
        assertThat(ReportLink.of("")).isEqualTo(ReportLink.NONE);
        assertThat(ReportLink.NONE.line("apps", "api", "off")).isEmpty();
        assertThat(ReportLink.NONE.addressIn("Report: https://reports.example/"))
                .isEmpty();
    }

    @Test
    void knowsItsOwnLinesAgain() {
        var link = ReportLink.of("https://reports.example/rollouts/{name}");
        var line = link.line("apps", "api", "off").orElseThrow();

        assertThat(link.addressIn(line)).contains("https://reports.example/rollouts/api");
        assertThat(link.addressIn("see " + line)).isEmpty();
        assertThat(link.addressIn("Report: https://reports.example/other/api")).isEmpty();
        assertThat(link.addressIn("Report: https://reports.example/rollouts/a b"))
                .isEmpty();
        assertThat(link.addressIn("Report: https://reports.example/rollouts/a|b>"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reports.example/{name}",
                "ftp://reports.example/{name}",
                "javascript:alert(1)",
                "https://reports.example",
                "https://{namespace}.reports.example/",
                "https://user:password@reports.example/",
                "https://reports.example/{uid}",
                "https://reports.example/{name",
                "https://reports.example/a b",
                "https://reports.example/<!channel>",
                "https://reports.example/a|b",
                "https://reports.example/\n"
            })
    void refusesWhatIsNoAddress(String template) {
        assertThatThrownBy(() -> ReportLink.of(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("notifications.reportUrl: ");
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThatThrownBy(() -> ReportLink.of("https://reports.example/" + "a".repeat(300)))
                .hasMessageContaining("at most 300 characters");
    }
}
