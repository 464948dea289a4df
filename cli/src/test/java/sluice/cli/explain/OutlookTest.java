package sluice.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.cli.RolloutView;

class OutlookTest {
    private static final String ABORT = "; to go back now: kubectl rlr abort api -n apps";

    private static String outlook(String phase, String decision, String reason, String signals) throws IOException {
        var resource = """
                metadata: {name: api, namespace: apps}
                status: {phase: %s, lastDecision: {name: %s, reason: %s}, signals: [%s]}
                """.formatted(phase, decision, reason, signals);
        return new Outlook(RolloutView.of(new YAMLMapper().readTree(resource))).sentence();
    }

    private static String signal(String name, String verdict) {
        return "{name: %s, scope: service, verdict: %s}".formatted(name, verdict);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ErrorRatio=Breaching                          | it goes back when the breach lasts for the whole of the rule's for
            own=Breaching                                 | it goes back when the breach lasts for the whole of the rule's for
            ErrorRatio=Breaching ThrottledRatio=Healthy   | it goes back when the breach lasts for the whole of the rule's for
            ThrottledRatio=Breaching                      | nothing by itself, for ThrottledRatio takes nobody back after a promotion
            ThrottledRatio=Broken ErrorRatio=Healthy      | nothing by itself, for ThrottledRatio takes nobody back after a promotion
            ThrottledRatio=Breaching ErrorRatio=Breaching own=Broken | it goes back when the breach of ErrorRatio or own lasts for the whole of the rule's for, and not for ThrottledRatio
            """)
    void afterAPromotionItIsAMatterOfTheRulesThatBreach(String verdicts, String next) throws IOException {
        var signals = verdicts.replaceAll("(\\w+)=(\\w+) ?", "{name: $1, scope: service, verdict: $2},");
        assertThat(outlook("Promoted", "Hold", "Breaching", signals)).isEqualTo(next + ABORT);
    }

    @ParameterizedTest
    @CsvSource({"Progressing, ThrottledRatio", "Baking, ThrottledRatio", "Progressing, ErrorRatio"})
    void beforeThePromotionEveryRuleTakesItBack(String phase, String name) throws IOException {
        assertThat(outlook(phase, "Hold", "Breaching", signal(name, "Breaching")))
                .isEqualTo("it goes back when the breach lasts for the whole of the rule's for");
    }

    @ParameterizedTest
    @CsvSource({"NoData", "ErrorRatio", "HookFailed"})
    void aRollbacksReasonIsNoHold(String reason) throws IOException {
        assertThat(outlook("RollingBack", "RollBack", reason, "")).isEqualTo("it is looked at every 10 s");
    }
}
