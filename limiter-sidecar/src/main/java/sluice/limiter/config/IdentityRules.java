package sluice.limiter.config;

import java.util.List;
import java.util.Optional;

/**
 * How a caller is told from others: the user when known, else the client's address.
 *
 * @param userHeader believed from {@code trustedProxies} only; excludes {@code jwt}
 * @param ipv6Prefix the length of the IPv6 prefix that counts as one caller, in bits
 */
public record IdentityRules(
        Optional<String> userHeader, Optional<JwtRules> jwt, List<Cidr> trustedProxies, int ipv6Prefix) {

    /** The client's address, with no trusted proxy. */
    public static final IdentityRules CLIENT_ADDRESS =
            new IdentityRules(Optional.empty(), Optional.empty(), List.of(), 64);
}
