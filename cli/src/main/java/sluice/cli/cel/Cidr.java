package sluice.cli.cel;

import java.net.Inet6Address;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network as Kubernetes reads it: without leading zeros, without a zone, and not an IPv4 one in IPv6. */
record Cidr(long prefixLength) {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile("(" + BYTE + "[.]){3}" + BYTE);
    private static final Pattern NETWORK = Pattern.compile("(?<address>[0-9a-fA-F:.]+)/(?<length>0|[1-9][0-9]{0,2})");

    static Optional<Cidr> parse(String text) {
        Matcher network = NETWORK.matcher(text);
        if (!network.matches()) {
            return Optional.empty();
        }
        String address = network.group("address");
        long length = Long.parseLong(network.group("length"));
        boolean fits = address.contains(":") ? length <= 128 && isIpv6(address) : length <= 32 && isIpv4(address);
        return fits ? Optional.of(new Cidr(length)) : Optional.empty();
    }

    private static boolean isIpv4(String address) {
        return IPV4.matcher(address).matches();
    }

    private static boolean isIpv6(String address) {
        try {
            return Inet6Address.ofLiteral(address) instanceof Inet6Address;
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }
}
