package sluice.limiter.proxy;

import java.net.InetAddress;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whom the proxy believes.
 *
 * @param proxies peers whose forwarded headers are kept
 * @param headers lower-case names of the headers by which trusted peers speak to the limiter; no {@code Connection} header can
 *     have them removed
 */
public record TrustRules(Predicate<InetAddress> proxies, Set<String> headers) {

    public static final TrustRules NOBODY = new TrustRules(_ -> false, Set.of());
}
