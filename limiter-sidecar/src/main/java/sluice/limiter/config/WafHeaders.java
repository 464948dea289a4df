package sluice.limiter.config;

import java.util.Optional;

/** The headers in which a web application firewall in front passes on its verdict; believed from trusted proxies only. */
public record WafHeaders(Optional<String> decisionHeader, Optional<String> ruleHeader) {

    /** No firewall speaks to the sidecar. */
    public static final WafHeaders NONE = new WafHeaders(Optional.empty(), Optional.empty());
}
