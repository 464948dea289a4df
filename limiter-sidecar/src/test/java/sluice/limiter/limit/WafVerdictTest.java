package sluice.limiter.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.limit.LimitFixture.WAF;
import static sluice.limiter.limit.LimitFixture.request;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import sluice.limiter.config.WafHeaders;

class WafVerdictTest {

    private static final WafVerdict SILENT = new WafVerdict(false, Optional.empty());

    @Test
    void saysNothingWhereTheFirewallDoes() {
        assertThat(WafVerdict.of(WAF, request("/"), true)).isEqualTo(SILENT);
        assertThat(WafVerdict.of(WAF, request("/", "X-WAF-Decision", "pass", "X-WAF-Rule", ""), true))
                .isEqualTo(SILENT);
    }

    @Test
    void aRuleIsReportedWithoutADecision() {
        var rule = new WafVerdict(false, Optional.of("942100"));
        var head = request("/", "X-WAF-Rule", "942100");

        assertThat(WafVerdict.of(WAF, head, true)).isEqualTo(rule);
        assertThat(WafVerdict.of(new WafHeaders(Optional.empty(), Optional.of("X-WAF-Rule")), head, true))
                .isEqualTo(rule);
    }

    @Test
    void aDecisionCountsWithoutARule() {
        var blocked = new WafVerdict(true, Optional.empty());
        var head = request("/", "X-WAF-Decision", "block", "X-WAF-Rule", "");

        assertThat(WafVerdict.of(WAF, head, true)).isEqualTo(blocked);
        assertThat(WafVerdict.of(new WafHeaders(Optional.of("X-WAF-Decision"), Optional.empty()), head, true))
                .isEqualTo(blocked);
    }

    @Test
    void nothingIsReadWhereNoHeaderIsNamed() {
        var head = request("/", "X-WAF-Decision", "block", "X-WAF-Rule", "942100");

        assertThat(WafVerdict.of(WafHeaders.NONE, head, true)).isEqualTo(SILENT);
        assertThat(WafVerdict.of(WAF, head, false)).isEqualTo(SILENT);
    }
}
