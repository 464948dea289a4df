package sluice.limiter.proxy;

import java.net.InetSocketAddress;

/**
 * Where the proxy listens and forwards to.
 *
 * @param listen its port 0 takes a free one
 * @param upstream the app
 */
public record ProxySettings(InetSocketAddress listen, InetSocketAddress upstream, ProxyTuning tuning) {}
