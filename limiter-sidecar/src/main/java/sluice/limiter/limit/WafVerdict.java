package sluice.limiter.limit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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
    /** Explains, and may have commas, and quotes behind a backslash (RFC 9110, section 5.6.4). */
    private static final Pattern QUOTED = Pattern.compile("\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"");

    /**
     * Reads the headers; anybody but a trusted peer could have made them up. Several verdicts block when one does, whether they are
     * several lines or a list in one (RFC 9110, section 5.3).
     */
    static WafVerdict of(WafHeaders headers, RequestHead head, boolean trustedPeer) {
        if (!trustedPeer) {
            return SILENT;
        }
        var said = headers.decisionHeader().map(head.headers()::getAll).orElse(List.of());
        var rule = headers.ruleHeader().flatMap(name -> rule(head, name));
        return said.isEmpty() && rule.isEmpty() ? SILENT : new WafVerdict(isBlocking(said), rule);
    }

    private static boolean isBlocking(List<String> values) {
        return values.stream()
                .flatMap(value ->
                        Arrays.stream(QUOTED.matcher(value).replaceAll("").split(",", -1)))
                .anyMatch(WafVerdict::isBlocking);
    }

    /** What stands behind a semicolon explains the verdict and is not part of it. */
    private static boolean isBlocking(String member) {
        var end = member.indexOf(';');
        var verdict = end < 0 ? member : member.substring(0, end);
        return BLOCKING.contains(verdict.strip().toLowerCase(Locale.ROOT));
    }

    private static Optional<String> rule(RequestHead head, String name) {
        return Optional.ofNullable(head.headers().get(name))
                .filter(rule -> !rule.isBlank())
                .map(rule -> rule.substring(0, Math.min(rule.length(), LONGEST_RULE)));
    }
}
