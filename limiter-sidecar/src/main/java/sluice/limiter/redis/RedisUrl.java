package sluice.limiter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code REDIS_URL} says; docs/redis.md describes its forms, which are those of Lettuce, a client in Java, and one for a cluster. */
record RedisUrl(
        RedisLayout layout, RedisCredentials credentials, boolean encrypted, int database, boolean verifiesHost) {

    private static final String FORM = "REDIS_URL must be scheme://[user][:password@]host:port[/database], and"
            + " characters of the password that mean something in a URL be written as %XX";
    private static final String SCHEME = "REDIS_URL must start with redis://, rediss://, redis-sentinel://,"
            + " rediss-sentinel://, redis-cluster:// or rediss-cluster://";
    private static final Set<String> PARAMETERS = Set.of("database", "sentinelMasterId", "verifyPeer");
    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;

    /**
     * Reads it.
     *
     * @throws InvalidSecretException naming {@code REDIS_URL} and the fix, and quoting nothing of it, nor having a cause that does
     */
    static RedisUrl parse(String text) {
        try {
            return read(new URI(text));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new InvalidSecretException(FORM);
        }
    }

    private static RedisUrl read(URI uri) {
        var scheme = uri.getScheme() == null ? "" : uri.getScheme();
        var encrypted = scheme.startsWith("rediss");
        var authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        var at = authority.lastIndexOf('@');
        var hosts = authority.substring(at + 1);
        var parameters = parameters(uri);
        var layout = switch (scheme) {
            case "redis", "rediss" -> standalone(addresses(hosts, REDIS_PORT));
            case "redis-sentinel", "rediss-sentinel" ->
                new RedisLayout.Sentinel(addresses(hosts, SENTINEL_PORT), master(uri, parameters));
            case "redis-cluster", "rediss-cluster" -> new RedisLayout.Cluster(addresses(hosts, REDIS_PORT));
            default -> throw new InvalidSecretException(SCHEME);
        };
        var database = database(uri, parameters);
        if (layout instanceof RedisLayout.Cluster && database != 0) {
            throw new InvalidSecretException("REDIS_URL must name no database: a cluster has none but 0");
        }
        return new RedisUrl(
                layout,
                credentials(authority.substring(0, Math.max(0, at))),
                encrypted,
                database,
                verifiesHost(parameters));
    }

    private static RedisLayout standalone(List<RedisAddress> addresses) {
        if (addresses.size() > 1) {
            throw new InvalidSecretException(
                    "REDIS_URL names several hosts: use redis-sentinel:// or redis-cluster://");
        }
        return new RedisLayout.Standalone(addresses.getFirst());
    }

    private static String master(URI uri, Map<String, String> parameters) {
        var master = Optional.ofNullable(uri.getFragment()).orElse(parameters.getOrDefault("sentinelMasterId", ""));
        if (master.isEmpty()) {
            throw new InvalidSecretException(
                    "REDIS_URL must name the master that the sentinels watch: redis-sentinel://host:26379#mymaster");
        }
        return master;
    }

    // As Lettuce reads it: what stands alone is the password.
    private static RedisCredentials credentials(String text) {
        if (text.isEmpty()) {
            return RedisCredentials.NONE;
        }
        var colon = text.indexOf(':');
        var user = colon > 0 ? Optional.of(decoded(text.substring(0, colon))) : Optional.<String>empty();
        return new RedisCredentials(user, Optional.of(decoded(text.substring(colon + 1))));
    }

    // A plus is a plus, outside of forms.
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }

    private static List<RedisAddress> addresses(String hosts, int defaultPort) {
        return Arrays.stream(hosts.split(",", -1))
                .map(host -> address(host.strip(), defaultPort))
                .toList();
    }

    private static RedisAddress address(String text, int defaultPort) {
        var end = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        var host = end >= 0 ? text.substring(0, end) : text;
        var port = text.substring(host.length());
        var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if ((!port.isEmpty() && !port.startsWith(":")) || bare.indexOf('[') >= 0) {
            throw new IllegalArgumentException("what follows the host is no port");
        }
        return new RedisAddress(bare, port.isEmpty() ? defaultPort : Integer.parseInt(port.substring(1)));
    }

    private static Map<String, String> parameters(URI uri) {
        if (uri.getRawQuery() == null) {
            return Map.of();
        }
        var parameters = new HashMap<String, String>();
        for (var parameter : uri.getRawQuery().split("&", -1)) {
            var pair = parameter.split("=", 2);
            if (!PARAMETERS.contains(pair[0])) {
                throw new InvalidSecretException(
                        "REDIS_URL has a parameter other than database, sentinelMasterId and verifyPeer");
            }
            if (parameters.put(pair[0], pair.length > 1 ? decoded(pair[1]) : "") != null) {
                throw new InvalidSecretException("REDIS_URL has a parameter twice: keep one");
            }
        }
        return parameters;
    }

    private static int database(URI uri, Map<String, String> parameters) {
        var path = uri.getPath().startsWith("/") ? uri.getPath().substring(1) : uri.getPath();
        var text = path.isEmpty() ? parameters.getOrDefault("database", "0") : path;
        var database = Integer.parseInt(text);
        if (database < 0) {
            throw new IllegalArgumentException("a database counts from 0");
        }
        return database;
    }

    private static boolean verifiesHost(Map<String, String> parameters) {
        return switch (parameters.getOrDefault("verifyPeer", "FULL")) {
            case "FULL" -> true;
            case "CA" -> false;
            default ->
                throw new InvalidSecretException("REDIS_URL: verifyPeer must be FULL or CA; trust your own authority"
                        + " by the key ca.crt instead of trusting everybody");
        };
    }

    @Override
    public String toString() {
        return "RedisUrl[redacted]";
    }
}
