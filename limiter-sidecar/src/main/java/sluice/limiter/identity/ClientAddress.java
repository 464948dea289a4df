package sluice.limiter.identity;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import sluice.limiter.config.Cidr;

/** The client's address: the peer's, or what trusted proxies say of the client before them. */
final class ClientAddress {

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final int MOST_HOPS = 64;

    private ClientAddress() {}

    static boolean isTrusted(InetAddress address, List<Cidr> trustedProxies) {
        return trustedProxies.stream().anyMatch(network -> network.contains(address));
    }

    /**
     * The right-most address of X-Forwarded-For that is not a trusted proxy's: everything left of it may be made up.
     * A hop that is no address ends the search at the last one that was.
     */
    static InetAddress of(InetAddress peer, HttpHeaders headers, List<Cidr> trustedProxies) {
        var client = peer;
        var hops = String.join(",", headers.getAll(FORWARDED_FOR)).split(",", -1);
        for (var hop = hops.length - 1;
                hop >= Math.max(0, hops.length - MOST_HOPS) && isTrusted(client, trustedProxies);
                hop--) {
            var before = parse(hops[hop].strip());
            if (before.isEmpty()) {
                return client;
            }
            client = before.get();
        }
        return client;
    }

    private static Optional<InetAddress> parse(String hop) {
        // Literals only: a name would be looked up, and by whom a caller likes.
        var bytes = NetUtil.createByteArrayFromIpAddressString(withoutPort(hop));
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            return hop.contains("]") ? hop.substring(1, hop.indexOf(']')) : hop;
        }
        var colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
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
