package sluice.limiter.identity;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import sluice.limiter.config.Cidr;
import sluice.limiter.config.IpLiteral;

/** The client's address: the peer's, or what trusted proxies say of the client before them. */
final class ClientAddress {

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final int MOST_HOPS = 64;
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}");

    private ClientAddress() {}

    static boolean isTrusted(InetAddress address, List<Cidr> trustedProxies) {
        for (var network : trustedProxies) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The right-most address of X-Forwarded-For that is not a trusted proxy's: everything left of it may be made up.
     * A hop that is no address ends the search at the last one that was; an empty one is none (RFC 9110, section 5.6.1).
     */
    static InetAddress of(InetAddress peer, HttpHeaders headers, List<Cidr> trustedProxies) {
        if (!isTrusted(peer, trustedProxies)) {
            return peer;
        }
        var client = peer;
        var hops = String.join(",", headers.getAll(FORWARDED_FOR)).split(",", -1);
        for (var hop = hops.length - 1;
                hop >= Math.max(0, hops.length - MOST_HOPS) && isTrusted(client, trustedProxies);
                hop--) {
            var text = hops[hop].strip();
            if (!text.isEmpty()) {
                var before = withoutPort(text).flatMap(IpLiteral::parse);
                if (before.isEmpty()) {
                    return client;
                }
                client = before.get();
            }
        }
        return client;
    }

    /** Empty for what has neither the form {@code address}, {@code IPv4:port}, {@code [IPv6]} nor {@code [IPv6]:port}. */
    private static Optional<String> withoutPort(String hop) {
        var bracket = hop.indexOf(']');
        if (hop.startsWith("[")) {
            return bracket > 0 && isPort(hop.substring(bracket + 1))
                    ? Optional.of(hop.substring(1, bracket))
                    : Optional.empty();
        }
        var colon = hop.indexOf(':');
        if (colon < 0 || colon != hop.lastIndexOf(':')) {
            return Optional.of(hop);
        }
        return isPort(hop.substring(colon)) ? Optional.of(hop.substring(0, colon)) : Optional.empty();
    }

    private static boolean isPort(String text) {
        return text.isEmpty() || PORT.matcher(text).matches();
    }

    /** An IPv4 address as it is, an IPv6 address cut to its first {@code ipv6Prefix} bits: {@code 2001:db8::/64}. */
    static String name(InetAddress address, int ipv6Prefix) {
        var bytes = address.getAddress();
        if (bytes.length == 4) {
            return NetUtil.bytesToIpAddress(bytes);
        }
        for (var bit = ipv6Prefix; bit < 128; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        return NetUtil.bytesToIpAddress(bytes) + "/" + ipv6Prefix;
    }
}
