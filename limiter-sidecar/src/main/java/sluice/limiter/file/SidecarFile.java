package sluice.limiter.file;

import sluice.limiter.config.LimiterConfig;
import sluice.limiter.proxy.ProxyTuning;

/**
 * What a configuration file says, as docs/sidecar.md describes it.
 *
 * @param fixed what a running sidecar does not take up
 * @param limits what it does; of epoch 0
 */
public record SidecarFile(Fixed fixed, LimiterConfig limits) {

    /**
     * What holds from the start to the end of a sidecar.
     *
     * @param port where clients connect; 0 takes a free one
     * @param adminPort where health and metrics are; 0 takes a free one
     * @param upstream the app, {@code host:port}
     * @param secrets the folder of secrets, relative to the file's
     */
    public record Fixed(int port, int adminPort, String upstream, String secrets, ProxyTuning proxy) {}
}
