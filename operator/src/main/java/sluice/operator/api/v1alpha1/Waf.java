package sluice.operator.api.v1alpha1;

/** Headers in which a WAF in front passes its verdict on. */
public record Waf(String decisionHeader, String ruleHeader) {}
