package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Headers in which a WAF in front passes its verdict on, believed from trustedProxies only. */
public record Waf(
        @JsonPropertyDescription("The header with the verdict; block, blocked or deny means 403.")
        @Default(Waf.DEFAULT_DECISION_HEADER)
        @Size(min = 1, max = 64)
        @ValidationRule(value = Cel.IS_HEADER, message = Cel.HEADER_HELP)
        String decisionHeader,

        @JsonPropertyDescription("The header with the rule that matched; it appears in the request log.")
        @Default(Waf.DEFAULT_RULE_HEADER)
        @Size(min = 1, max = 64)
        @ValidationRule(value = Cel.IS_HEADER, message = Cel.HEADER_HELP)
        String ruleHeader) {

    static final String DEFAULT_DECISION_HEADER = "X-WAF-Decision";
    static final String DEFAULT_RULE_HEADER = "X-WAF-Rule";

    public Waf {
        decisionHeader = requireNonNullElse(decisionHeader, DEFAULT_DECISION_HEADER);
        ruleHeader = requireNonNullElse(ruleHeader, DEFAULT_RULE_HEADER);
    }
}
