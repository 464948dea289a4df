package sluice.limiter.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import sluice.limiter.config.Durations;
import sluice.limiter.config.Fault;
import sluice.limiter.config.Faults;
import sluice.limiter.config.Fields;
import sluice.limiter.config.IdentityRules;
import sluice.limiter.config.InvalidConfigException;
import sluice.limiter.config.IpLiteral;
import sluice.limiter.config.Limiter;
import sluice.limiter.config.LimiterBackend;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.LimiterParser;
import sluice.limiter.config.Maintenance;
import sluice.limiter.config.RolloutRef;

/** Reads a configuration file. Strict: everything that is wrong is named, with its line and what would be right. */
public final class SidecarFileParser {

    private static final String NAMESPACE = "standalone";
    private static final String DEFAULT_NAME = "sidecar";
    private static final int DEFAULT_PORT = 15080;
    private static final int DEFAULT_ADMIN_PORT = 15090;
    private static final int MOST_PORT = 65_535;
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):([1-9]\\d{0,4})");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?");
    private static final Function<String, Duration> RETRY_AFTER =
            Durations.between(Duration.ofSeconds(1), Maintenance.LONGEST_RETRY_AFTER);
    private static final LimiterParser LIMITERS = LimiterParser.ofResource();

    private SidecarFileParser() {}

    /**
     * Reads the file's text, YAML or JSON.
     *
     * @throws InvalidConfigException with all that is wrong, each with its line and column
     */
    public static SidecarFile parse(String text) {
        var faults = new Faults();
        var yaml = YamlText.parse(text, faults);
        var file = file(Fields.of(yaml.root(), faults), yaml.root());
        if (!faults.all().isEmpty()) {
            throw new InvalidConfigException(faults.all().stream()
                    .map(fault -> fault.at(yaml.mark(fault.path())))
                    .sorted(Fault.BY_MARK)
                    .toList());
        }
        return file;
    }

    private static SidecarFile file(Fields fields, JsonNode root) {
        var file = new SidecarFile(fixed(fields), limits(fields, root));
        fields.end();
        return file;
    }

    private static SidecarFile.Fixed fixed(Fields fields) {
        var port = (int) fields.optionalInteger("port", 0, MOST_PORT).orElse(DEFAULT_PORT);
        var adminPort = (int) fields.optionalInteger("adminPort", 0, MOST_PORT).orElse(DEFAULT_ADMIN_PORT);
        if (port == adminPort && port != 0) {
            fields.fault("adminPort", "must be another port than port, is " + adminPort);
        }
        return new SidecarFile.Fixed(
                port,
                adminPort,
                fields.required("upstream", SidecarFileParser::address, ""),
                fields.optionalText("secrets").orElse("secrets"),
                ProxySection.of(fields.optionalObject("proxy")));
    }

    private static String address(String text) {
        var address = ADDRESS.matcher(text);
        if (!address.matches() || !isHost(address.group(1)) || Integer.parseInt(address.group(2)) > MOST_PORT) {
            throw new IllegalArgumentException("must be host:port, such as 127.0.0.1:8080 or [::1]:8080, is " + text);
        }
        return text;
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[")) {
            return host.contains(":")
                    && IpLiteral.parse(host.substring(1, host.length() - 1)).isPresent();
        }
        return host.matches("[0-9.]+")
                ? NetUtil.isValidIpV4Address(host)
                : NAME.matcher(host).matches();
    }

    private static LimiterConfig limits(Fields fields, JsonNode root) {
        var name = fields.optional("name", SidecarFileParser::name).orElse(DEFAULT_NAME);
        var stable = limiter(fields.object("limiter"), root.path("limiter"));
        var candidate = fields.optionalObject("candidate").map(it -> limiter(it, root.path("candidate")));
        return new LimiterConfig(
                new RolloutRef(NAMESPACE, name, name),
                0,
                weight(fields, candidate.isPresent()),
                armIdentity(stable, candidate),
                stable,
                candidate,
                (int) fields.optionalInteger("replicas", 1, 1_000_000).orElse(1),
                fields.optionalObject("maintenance").flatMap(SidecarFileParser::maintenance),
                Optional.empty());
    }

    // Part of the Redis keys: no brace, slash or blank, so that they cannot collide.
    private static String name(String name) {
        if (!name.matches("[A-Za-z0-9.-]{1,253}")) {
            throw new IllegalArgumentException("must be 1 to 253 letters, digits, dots or dashes, is " + name);
        }
        return name;
    }

    private static Limiter limiter(Fields fields, JsonNode node) {
        var limiter = LIMITERS.limiter(fields, Revision.of(node));
        return limiter.backend() == LimiterBackend.OFF ? limiter.switchedOff() : limiter;
    }

    private static int weight(Fields fields, boolean canary) {
        if (canary) {
            return (int) fields.integer("weight", 0, 100);
        }
        var _ = fields.optionalInteger("weight", 0, 100);
        if (fields.has("weight")) {
            fields.fault("weight", "needs a candidate to give the callers to; add one, or remove weight");
        }
        return 0;
    }

    private static Optional<Maintenance> maintenance(Fields fields) {
        var enabled = fields.requiredFlag("enabled");
        var retryAfter = fields.optional("retryAfter", RETRY_AFTER).orElse(Maintenance.DEFAULT_RETRY_AFTER);
        fields.end();
        return enabled ? Optional.of(new Maintenance(retryAfter)) : Optional.empty();
    }

    /** As long as the stable limiter is off and says nothing of callers, the candidate's rules tell them apart. */
    private static IdentityRules armIdentity(Limiter stable, Optional<Limiter> candidate) {
        return stable.backend() == LimiterBackend.OFF && stable.identity().equals(IdentityRules.CLIENT_ADDRESS)
                ? candidate.map(Limiter::identity).orElse(stable.identity())
                : stable.identity();
    }
}
