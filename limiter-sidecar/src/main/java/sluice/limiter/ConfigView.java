package sluice.limiter;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import sluice.limiter.config.Cidr;
import sluice.limiter.config.IdentityRules;
import sluice.limiter.config.Limit;
import sluice.limiter.config.Limiter;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.Tier;
import sluice.limiter.judge.Arm;
import sluice.limiter.metrics.ArmRevision;
import sluice.limiter.proxy.TrustRules;

/** What the proxy and the metrics need of a configuration. */
final class ConfigView {

    private ConfigView() {}

    static List<ArmRevision> arms(LimiterConfig config) {
        var arms = new ArrayList<ArmRevision>();
        arms.add(arm(Arm.STABLE, config.stable()));
        config.candidate().ifPresent(limiter -> arms.add(arm(Arm.CANDIDATE, limiter)));
        return arms;
    }

    private static ArmRevision arm(Arm arm, Limiter limiter) {
        var limits = limiter.limits().stream().map(Limit::name).toList();
        return new ArmRevision(arm, limiter.revision(), limits);
    }

    /** One rule for both arms: a peer is believed about earlier hops when any of the identities in force trusts it. */
    static TrustRules trust(LimiterConfig config) {
        var networks = identities(config)
                .flatMap(it -> it.trustedProxies().stream())
                .distinct()
                .toList();
        return new TrustRules(peer -> contains(networks, peer), headers(config));
    }

    private static boolean contains(List<Cidr> networks, InetAddress peer) {
        for (var network : networks) {
            if (network.contains(peer)) {
                return true;
            }
        }
        return false;
    }

    private static Stream<IdentityRules> identities(LimiterConfig config) {
        return Stream.concat(
                Stream.of(config.armIdentity()), config.limiters().stream().map(it -> it.identity()));
    }

    private static List<String> tierHeaders(Limiter limiter) {
        return limiter.limits().stream()
                .flatMap(limit -> limit.tiers().stream())
                .flatMap(tier ->
                        tier.mark() instanceof Tier.Mark.Header header ? Stream.of(header.name()) : Stream.empty())
                .toList();
    }

    private static Set<String> headers(LimiterConfig config) {
        var names = new HashSet<String>();
        identities(config).forEach(it -> it.userHeader().ifPresent(names::add));
        config.limiters().forEach(limiter -> {
            limiter.waf().decisionHeader().ifPresent(names::add);
            limiter.waf().ruleHeader().ifPresent(names::add);
            names.addAll(tierHeaders(limiter));
        });
        return Set.copyOf(
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
    }
}
