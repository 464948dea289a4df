package sluice.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.Backend;
import sluice.operator.api.v1alpha1.Enforcement;
import sluice.operator.api.v1alpha1.Identity;
import sluice.operator.api.v1alpha1.Jwt;
import sluice.operator.api.v1alpha1.KubernetesDuration;
import sluice.operator.api.v1alpha1.Limit;
import sluice.operator.api.v1alpha1.Match;
import sluice.operator.api.v1alpha1.NameValue;
import sluice.operator.api.v1alpha1.RequestCost;
import sluice.operator.api.v1alpha1.SecretRef;
import sluice.operator.api.v1alpha1.Tier;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.RolloutState;

/** Writes the sidecar's document, LimiterConfig in docs/architecture.md, from what is committed. */
public final class LimiterConfigRenderer {

    private static final int VERSION = 1;
    private static final int DEFAULT_IPV6_PREFIX = 64;
    private static final JsonMapper JSON = StrictJson.MAPPER;

    private LimiterConfigRenderer() {}

    /** Whose document it is, and what of it is not committed. */
    public record Frame(String namespace, String name, String uid, int replicas, long deadManSwitchSeconds) {}

    /** The document on one line. */
    public static String render(RolloutState state, Frame frame) {
        ObjectNode document = JSON.createObjectNode();
        document.put("version", VERSION);
        document.putObject("rollout")
                .put("namespace", frame.namespace())
                .put("name", frame.name())
                .put("uid", frame.uid());
        document.put("epoch", state.epoch());
        document.put("weight", state.sidecarWeight());
        var stable = limiter(state.stable());
        var candidate = state.servedCandidate().flatMap(LimiterConfigRenderer::limiter);
        // Frozen as long as the stable limiter is: a new candidate's identity chooses keys, never arms.
        document.set(
                "armIdentity",
                identity(stable.or(() -> candidate).map(sluice.operator.api.v1alpha1.Limiter::identity)));
        document.set("stable", rendered(state.stable(), stable));
        state.servedCandidate().ifPresent(known -> document.set("candidate", rendered(known, candidate)));
        document.put("replicas", Math.max(1, frame.replicas()));
        state.maintenance()
                .ifPresent(wait -> document.putObject("maintenance")
                        .put(
                                "retryAfterSeconds",
                                Math.max(1, wait.plusMillis(999).toSeconds())));
        if (state.needsLease()) {
            document.put("deadManSwitchSeconds", frame.deadManSwitchSeconds());
        }
        return document.toString();
    }

    /** The limiter as it was written, or empty for pass-through. */
    static Optional<sluice.operator.api.v1alpha1.Limiter> limiter(Limiter limiter) {
        if (limiter.equals(Limiter.OFF)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(limiter.text(), sluice.operator.api.v1alpha1.Limiter.class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the limiter of revision " + limiter.revision() + " is not readable", e);
        }
    }

    private static ObjectNode rendered(Limiter named, Optional<sluice.operator.api.v1alpha1.Limiter> written) {
        ObjectNode node = JSON.createObjectNode().put("revision", named.revision());
        written.ifPresentOrElse(limiter -> write(limiter, node), () -> node.put("backend", "Off"));
        return node;
    }

    private static void write(sluice.operator.api.v1alpha1.Limiter limiter, ObjectNode node) {
        node.put("backend", limiter.backend() == Backend.REDIS ? "Redis" : "Memory");
        if (limiter.backend() == Backend.REDIS && limiter.redis() != null) {
            node.putObject("redis")
                    .put("secret", limiter.redis().secretRef().name())
                    .put("timeoutMillis", millis(limiter.redis().timeout()));
        }
        var limits = node.putArray("limits");
        limiter.limits().forEach(limit -> write(limit, limits.addObject()));
        node.set("identity", identity(Optional.ofNullable(limiter.identity())));
        if (limiter.exempt() != null) {
            var paths = node.putArray("exemptPaths");
            limiter.exempt().paths().forEach(paths::add);
        }
        if (limiter.waf() != null) {
            node.putObject("waf")
                    .put("decisionHeader", limiter.waf().decisionHeader())
                    .put("ruleHeader", limiter.waf().ruleHeader());
        }
        node.put("enforcement", limiter.enforcement() == Enforcement.SHADOW ? "Shadow" : "Enforce");
        if (Boolean.TRUE.equals(limiter.legacyHeaders())) {
            node.put("legacyHeaders", true);
        }
    }

    private static void write(Limit limit, ObjectNode node) {
        node.put("name", limit.name());
        if (limit.match() != null) {
            node.set("match", match(limit.match()));
        }
        writeSize(limit.tokens(), limit.burst(), node);
        if (limit.per() != null) {
            node.put("periodMillis", millis(limit.per()));
        }
        if (limit.cost() != null) {
            node.put("cost", limit.cost());
        }
        if (limit.costs() != null) {
            var costs = node.putArray("costs");
            limit.costs().forEach(cost -> write(cost, costs.addObject()));
        }
        if (limit.tiers() != null) {
            var tiers = node.putArray("tiers");
            limit.tiers().forEach(tier -> write(tier, tiers.addObject()));
        }
    }

    private static void writeSize(@Nullable Long tokens, @Nullable Long burst, ObjectNode node) {
        if (tokens == null) {
            node.put("unlimited", true);
        } else {
            node.put("tokens", tokens).put("burst", burst == null ? Math.max(1, tokens) : burst);
        }
    }

    private static void write(RequestCost cost, ObjectNode node) {
        if (cost.match() != null) {
            node.set("match", match(cost.match()));
        }
        node.put("cost", cost.cost());
    }

    private static void write(Tier tier, ObjectNode node) {
        write("claim", tier.claim(), node);
        write("header", tier.header(), node);
        writeSize(tier.tokens(), tier.burst(), node);
    }

    private static void write(String mark, @Nullable NameValue pair, ObjectNode node) {
        if (pair != null) {
            node.putObject(mark).put("name", pair.name()).put("value", pair.value());
        }
    }

    private static ObjectNode match(Match match) {
        ObjectNode node = JSON.createObjectNode();
        put(node, "path", match.path());
        put(node, "pathPrefix", match.pathPrefix());
        var methods = node.putArray("methods");
        match.methods().forEach(methods::add);
        var headers = node.putObject("headers");
        match.headers().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(header -> headers.put(header.getKey(), header.getValue()));
        return node;
    }

    private static ObjectNode identity(Optional<Identity> identity) {
        ObjectNode node = JSON.createObjectNode();
        identity.map(Identity::user).ifPresent(user -> {
            put(node, "userHeader", user.header());
            if (user.jwt() != null) {
                write(user.jwt(), node.putObject("jwt"));
            }
        });
        var proxies = node.putArray("trustedProxies");
        identity.ifPresent(known -> known.trustedProxies().forEach(proxies::add));
        return node.put("ipv6Prefix", identity.map(Identity::ipv6Prefix).orElse(DEFAULT_IPV6_PREFIX));
    }

    private static void write(Jwt jwt, ObjectNode node) {
        put(node, "jwksSecret", name(jwt.jwksSecretRef()));
        put(node, "hmacSecret", name(jwt.hmacSecretRef()));
        node.put("claim", jwt.claim());
        put(node, "audience", jwt.audience());
        put(node, "issuer", jwt.issuer());
    }

    private static @Nullable String name(@Nullable SecretRef secret) {
        return secret == null ? null : secret.name();
    }

    private static void put(ObjectNode node, String field, @Nullable String value) {
        if (value != null) {
            node.put(field, value);
        }
    }

    private static long millis(String duration) {
        return KubernetesDuration.parse(duration).toMillis();
    }
}
