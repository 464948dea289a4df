package sluice.limiter.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;

/** IP addresses as texts: literals only, for a name would be looked up, and by whom a caller likes. */
public final class IpLiteral {

    private IpLiteral() {}

    /** The address, an IPv4 one where it is mapped ({@code ::ffff:192.0.2.1}); empty for what is none. */
    public static Optional<InetAddress> parse(String text) {
        var bytes = NetUtil.createByteArrayFromIpAddressString(withoutDots(text));
        try {
            return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /**
     * {@code 64:ff9b::192.0.2.1} as {@code 64:ff9b::c000:201} (RFC 4291, section 2.2): Netty knows dots behind {@code ::} and
     * {@code ::ffff:} alone, and takes either for an IPv4 address.
     */
    private static String withoutDots(String text) {
        var end = text.lastIndexOf(':') + 1;
        if (end == 0 || !NetUtil.isValidIpV4Address(text.substring(end))) {
            return text;
        }
        var dotted = NetUtil.createByteArrayFromIpAddressString(text.substring(end));
        var hex = HexFormat.of();
        return text.substring(0, end) + hex.formatHex(dotted, 0, 2) + ":" + hex.formatHex(dotted, 2, 4);
    }
}
