package sluice.limiter.proxy;

import java.net.InetSocketAddress;

/**
 * Where the proxy listens and forwards to.
 *
 * @param port on all addresses; 0 takes a free one
 * @param upstream the app
 */
public record ProxySettings(int port, InetSocketAddress upstream, ProxyTuning tuning) {}
