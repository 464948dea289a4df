package sluice.limiter.config;

import java.net.InetAddress;

/** A network, such as {@code 10.0.0.0/8}; a single address is a network of one. */
public record Cidr(InetAddress network, int prefix) {

    /** Reads {@code address} or {@code address/prefix}; host names are refused, nothing is looked up. */
    public static Cidr parse(String text) {
        var slash = text.indexOf('/');
        var address =
                IpLiteral.parse(slash < 0 ? text : text.substring(0, slash)).orElseThrow(() -> refused(text));
        var bits = address.getAddress().length * 8;
        return new Cidr(address, slash < 0 ? bits : prefix(text.substring(slash + 1), bits, text));
    }

    private static int prefix(String prefix, int bits, String text) {
        if (!prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > bits) {
            throw refused(text);
        }
        return Integer.parseInt(prefix);
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("must be a network such as 10.0.0.0/8 or 2001:db8::/32, is " + text);
    }

    /** True when {@code address} is in this network; one of the other family never is. */
    public boolean contains(InetAddress address) {
        var ours = network.getAddress();
        var theirs = address.getAddress();
        return ours.length == theirs.length && samePrefix(ours, theirs);
    }

    private boolean samePrefix(byte[] ours, byte[] theirs) {
        for (var bit = 0; bit < prefix; bit += 8) {
            var mask = prefix - bit >= 8 ? 0xff : 0xff << (8 - (prefix - bit));
            if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
