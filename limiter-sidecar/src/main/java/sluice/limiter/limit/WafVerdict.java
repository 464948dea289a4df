package sluice.limiter.limit;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import sluice.limiter.config.WafHeaders;
import sluice.limiter.judge.RequestHead;

/**
 * What the web application firewall in front said.
 *
 * @param rule the rule it named, whether it blocked or only detected
 */
record WafVerdict(boolean blocked, Optional<String> rule) {

    private static final WafVerdict SILENT = new WafVerdict(false, Optional.empty());
    private static final Set<String> BLOCKING = Set.of("block", "blocked", "deny");
    private static final int LONGEST_RULE = 128;

    /** Reads the headers; anybody but a trusted peer could have made them up. */
    static WafVerdict of(WafHeaders headers, RequestHead head, boolean trustedPeer) {
        if (!trustedPeer) {
            return SILENT;
        }
        var blocked = headers.decisionHeader().stream()
                .flatMap(name -> head.headers().getAll(name).stream())
                .anyMatch(value -> BLOCKING.contains(value.strip().toLowerCase(Locale.ROOT)));
        return new WafVerdict(blocked, headers.ruleHeader().flatMap(name -> rule(head, name)));
    }

    private static Optional<String> rule(RequestHead head, String name) {
        return Optional.ofNullable(head.headers().get(name))
                .filter(rule -> !rule.isBlank())
                .map(rule -> rule.substring(0, Math.min(rule.length(), LONGEST_RULE)));
    }
}
